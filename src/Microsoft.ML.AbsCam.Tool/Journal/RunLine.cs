using System.Text.Json.Serialization;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>The line with which a process begins its work on a run.</summary>
/// <param name="Identity">What results depend on, by name.</param>
/// <param name="Layer">The explained layers, as results name them.</param>
/// <param name="Listing">A hash of the names of all files that were given, of which a shard takes a part.</param>
/// <param name="Listed">How many files were given.</param>
/// <param name="First">The place of this run's first file among them.</param>
/// <param name="Count">How many files this run takes.</param>
/// <param name="ShardName">The part of all, as i/n; null for the whole.</param>
/// <param name="Page">What stands above the report of all files; null where there is none.</param>
internal sealed record RunLine(IReadOnlyDictionary<string, string> Identity, string Layer, string Listing, int Listed, int First, int Count, [property: JsonPropertyName("shard")] string? ShardName = null, ReportHeader? Page = null);

/// <summary>The line with which a run is over: all files are accounted for, and table and page are written.</summary>
/// <param name="Images">How many images there are.</param>
/// <param name="Explained">How many of them have all their maps.</param>
internal sealed record EndLine(int Images, int Explained);

/// <summary>The line that says that a part of the rows is in a Parquet file.</summary>
/// <param name="Index">Which part of the whole run, from 0.</param>
/// <param name="Place">The place of its first image among all files.</param>
/// <param name="File">The file.</param>
/// <param name="Images">A hash of the images whose rows it holds, in their order.</param>
internal sealed record PartLine(int Index, int Place, KeptFile File, string? Images = null);

/// <summary>A line of the journal: one of these.</summary>
internal sealed record JournalLine
{
    public RunLine? Run { get; init; }

    public JournalRow? Row { get; init; }

    public PartLine? Part { get; init; }

    public EndLine? End { get; init; }

    /// <summary>Whether it says one thing, and one that a run can say.</summary>
    [JsonIgnore]
    public bool IsSound => new object?[] { Run, Row, Part, End }.Count(thing => thing is not null) == 1 && Row?.IsSound != false && Part?.File.IsSound != false;
}
