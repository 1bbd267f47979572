using System.Text.Json.Serialization;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>What came of one image.</summary>
/// <param name="Key">What its outputs are called; no two images of a run share it.</param>
/// <param name="Place">Its place among all files that were given.</param>
/// <param name="Image">What results call it.</param>
/// <param name="Batch">A hash of the names and stamps of all files that went through the network with it, its own among them: another company can show in the last bits of its map.</param>
/// <param name="Forwards">Images that went through the network for it.</param>
/// <param name="Milliseconds">Its share of its batch's time.</param>
/// <param name="Targets">One or several explained classes.</param>
internal sealed record JournalRow(string Key, int Place, string Image, string Batch, int Forwards, float Milliseconds, IReadOnlyList<JournalTarget> Targets)
{
    /// <summary>What the page shows of it, where there is one. Journals of earlier versions have texts of another form in their targets, which are not read.</summary>
    public ReportPlate? Plate { get; init; }

    /// <summary>Whether all its classes have a map.</summary>
    [JsonIgnore]
    public bool IsExplained => Targets.All(target => target.Status == nameof(MapStatus.Ok));

    /// <summary>Whether a run can have written it.</summary>
    [JsonIgnore]
    public bool IsSound => Targets.Count > 0 && Targets.All(target => Enum.IsDefined(typeof(MapStatus), target.Status) && target.Files.Append(target.Waiting).OfType<KeptFile>().All(file => file.IsSound));
}

/// <summary>An image and a class.</summary>
/// <param name="Status">A <see cref="MapStatus"/>.</param>
/// <param name="Message">Why there is no map; null where there is one.</param>
/// <param name="Target">The class's index.</param>
/// <param name="Label">The class's name.</param>
/// <param name="Probability">The class's probability.</param>
/// <param name="Right">Whether it is what the picture shows, where that is known.</param>
/// <param name="Hit">Whether the map is highest on the object, where that is known.</param>
/// <param name="Map">The map's file, where it was saved.</param>
/// <param name="Overlay">The overlay's file, where it was saved.</param>
/// <param name="Waiting">The map's file until the row is in a Parquet file, where no other holds it.</param>
internal sealed record JournalTarget(
    string Status,
    string? Message = null,
    int? Target = null,
    string? Label = null,
    float? Probability = null,
    bool? Right = null,
    bool? Hit = null,
    KeptFile? Map = null,
    KeptFile? Overlay = null,
    KeptFile? Waiting = null)
{
    /// <summary>The question that it answers, as it was written, where there are several; empty where none was asked, as of no image. Null where there is one.</summary>
    public string? Question { get; init; }

    /// <summary>What has to be there when the run is over.</summary>
    [JsonIgnore]
    public IEnumerable<KeptFile> Files => new[] { Map, Overlay }.OfType<KeptFile>();
}
