using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>What a comparison came to: a line a method.</summary>
internal sealed record Comparison(IReadOnlyList<ComparisonLine> Lines)
{
    public static Comparison Of(ComparisonSettings settings, Func<MapSource, InputFile, JournalEntry> find, Func<MapSource, IEnumerable<DataSetValue>> findWhole)
        => new([.. settings.Sources.Select(source => ComparisonLine.Of(source, settings, [.. settings.Files.Select(file => find(source, file))], findWhole(source)))]);

    /// <summary>Every reason why something was not measured, with what it befell.</summary>
    public IEnumerable<(string Reason, string What)> Troubles() => Lines
        .SelectMany(line => line.Metrics.Unmeasured.Select(row => (row.Reason, line.Name, Photo: line.Entries[(int)row.Row].Image, row.Measure)))
        .GroupBy(trouble => (trouble.Reason, trouble.Photo))
        .Select(group => (group.Key.Reason, $"{group.Key.Photo}{(group.Select(trouble => trouble.Name).Distinct().ToArray() is { Length: var count } names && count < Lines.Count ? $", {string.Join(", ", names)}" : "")}"));
}

/// <summary>A method's line in the table.</summary>
/// <param name="Name">The method.</param>
/// <param name="Metrics">Its measures of maps.</param>
/// <param name="Cells">All its numbers, in the order of the table.</param>
/// <param name="Entries">Its photos.</param>
/// <param name="MapForwards">Images that went through the network for a map, on average.</param>
/// <param name="Milliseconds">Time for a map, on average.</param>
internal sealed record ComparisonLine(
    string Name, SaliencyMetrics Metrics, IReadOnlyList<TableCell> Cells, IReadOnlyList<JournalEntry> Entries, double MapForwards, double Milliseconds)
{
    public static ComparisonLine Of(MapSource source, ComparisonSettings settings, IReadOnlyList<JournalEntry> entries, IEnumerable<DataSetValue> whole)
    {
        var metrics = SaliencyMetrics.Of(settings.Measures, entries.Select((entry, row) => entry.ToMetrics(row)));
        JournalEntry[] made = [.. entries.Where(entry => entry.Target >= 0)];
        return new ComparisonLine(
            source.Name,
            metrics,
            [.. metrics.Measures.Select(result => TableCell.Of(result, settings.Target.Kind)), .. whole.Select(value => value.ToCell())],
            entries,
            made.Length == 0 ? double.NaN : made.Average(entry => entry.MapForwards),
            made.Length == 0 ? double.NaN : made.Average(entry => entry.Milliseconds));
    }
}
