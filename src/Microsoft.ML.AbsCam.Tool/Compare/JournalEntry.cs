namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>One photo under one method: a line of the journal.</summary>
/// <param name="Source">The method's name.</param>
/// <param name="Image">The photo's name.</param>
/// <param name="Stamp">The names, lengths and times of the photos of its batch, by which a change is noticed.</param>
/// <param name="Target">The explained class; -1 where nothing was measured.</param>
/// <param name="Probability">The class's probability; null where nothing was measured.</param>
/// <param name="Values">A number a measure, null where there is none.</param>
/// <param name="Reasons">Why there is none, null where there is one.</param>
/// <param name="Curves">A curve a measure, null for measures without.</param>
/// <param name="MapForwards">Images that went through the network to make the map.</param>
/// <param name="Milliseconds">How long the map took.</param>
/// <param name="Forwards">Images that went through the network to measure.</param>
internal sealed record JournalEntry(
    string Source, string Image, string Stamp, int Target, float? Probability, double?[] Values, string?[] Reasons, float[]?[] Curves, int MapForwards, float Milliseconds, int Forwards)
{
    /// <summary>What the page lays over the photo, where it shows the map.</summary>
    public ShownMap? Shown { get; init; }

    /// <summary>Where in the picture the map lies, where that is asked for.</summary>
    public string? Pattern { get; init; }

    public SaliencyRowMetrics ToMetrics(int row) => new(
        row, Target, Probability ?? float.NaN, [.. Values.Zip(Reasons, (value, reason) => value is double number ? number : MeasureValue.Not(reason ?? "not a number"))], Curves, Forwards)
    {
        Pattern = MapConsistency.ToPattern(Pattern),
    };

    public static JournalEntry Of(string source, ComparedPhoto photo, string stamp, SaliencyRowMetrics row) => new(
        source,
        photo.File.Name,
        stamp,
        row.Target,
        float.IsFinite(row.Probability) ? row.Probability : null,
        [.. row.Values.Select(value => value.IsMeasured ? value.Value : (double?)null)],
        [.. row.Values.Select(value => value.Reason)],
        [.. row.Curves.Select(curve => curve?.ToArray())],
        photo.Forwards,
        float.IsFinite(photo.Milliseconds) ? photo.Milliseconds : 0,
        row.Forwards);

    public static JournalEntry Not(string source, ComparedPhoto photo, string stamp, int measures, string reason) => new(
        source, photo.File.Name, stamp, -1, null, new double?[measures], [.. Enumerable.Repeat(reason, measures)], new float[]?[measures], 0, 0, 0);
}
