using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>What a comparison came to: a line a method.</summary>
internal sealed record Comparison(IReadOnlyList<ComparisonLine> Lines)
{
    public static Comparison Of(ComparisonSettings settings, Func<MapSource, InputFile, JournalEntry> find, Func<MapSource, IEnumerable<DataSetValue>> findWhole)
        => new([.. settings.Sources.Select(source => ComparisonLine.Of(source, settings, [.. settings.Files.Select(file => find(source, file))], findWhole(source)))]);

    /// <summary>
    /// Whether no other method's mean is better, and some is worse, as far as the table shows; and better than the baselines', which are never the best: they
    /// know nothing of the network.
    /// </summary>
    public bool IsBest(ComparisonLine line, int column)
    {
        TableCell cell = line.Cells[column];
        double better(TableCell other) => Math.Round(other.Mean, 3) * (other.IsHigherBetter ? 1 : -1);
        (bool IsBaseline, double Mean)[] all = [.. Lines.Where(other => other.Cells[column].Count > 0).Select(other => (other.IsBaseline, better(other.Cells[column])))];
        return cell.SaysLittle is null && cell.Count > 0 && !line.IsBaseline
            && all.All(other => other.IsBaseline ? other.Mean < better(cell) : other.Mean <= better(cell))
            && all.Any(other => other.Mean < better(cell));
    }

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
    /// <summary>Whether it is there for others to beat.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Whether its classes' maps are compared with one another.</summary>
    public bool AsksConsistency { get; init; }

    public static ComparisonLine Of(MapSource source, ComparisonSettings settings, IReadOnlyList<JournalEntry> entries, IEnumerable<DataSetValue> whole)
    {
        var metrics = SaliencyMetrics.Of(settings.Measures, entries.Select((entry, row) => entry.ToMetrics(row)));
        JournalEntry[] made = [.. entries.Where(entry => entry.Target >= 0)];
        return new ComparisonLine(
            source.Name,
            metrics,
            [.. metrics.Measures.Select(result => TableCell.Of(result, settings.Target.Kind, settings.Network.Task)), .. settings.AsksConsistency ? [MapConsistency.Cell(metrics)] : Array.Empty<TableCell>(), .. whole.Select(value => value.ToCell())],
            entries,
            made.Length == 0 ? double.NaN : made.Average(entry => entry.MapForwards),
            made.Length == 0 ? double.NaN : made.Average(entry => entry.Milliseconds))
        {
            IsBaseline = source.IsBaseline,
            AsksConsistency = settings.AsksConsistency,
        };
    }
}
