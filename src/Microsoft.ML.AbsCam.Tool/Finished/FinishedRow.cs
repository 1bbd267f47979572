using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tool.Finished;

/// <summary>What a finished run says of a picture, of the first of its classes where it has several.</summary>
/// <param name="Key">What its outputs are called; no two pictures of a run share it.</param>
/// <param name="Place">Its place among all files that were given.</param>
/// <param name="Name">What results call it.</param>
/// <param name="Batch">The stamp of the files that went through the network with it.</param>
/// <param name="Answer">The class, its probability, and where the map is.</param>
internal sealed record FinishedRow(string Key, int Place, string Name, string Batch, JournalTarget Answer)
{
    /// <summary>How many classes it was explained for.</summary>
    public int Targets { get; init; } = 1;

    /// <summary>What the picture shows, where the run was told.</summary>
    public string? Truth { get; init; }

    /// <summary>Where the run found the photo; null where it does not say.</summary>
    public string? Photo { get; init; }

    public bool IsExplained => Answer is { Status: nameof(MapStatus.Ok), Target: not null };

    /// <summary>The class: its name, or its index as a text.</summary>
    public string ClassName => Answer.Label ?? Answer.Target?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
