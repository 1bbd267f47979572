using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Makes the rows of a page of what the journal knows.</summary>
internal static class PageRows
{
    public static ReportRow Of(JournalRow row) => new(row.Image, [.. row.Targets.Select((target, t) => Of(target, PlateOf(row, t)))])
    {
        Truth = row.Plate?.Truth,
        Width = row.Plate?.Photo?.Width,
        Height = row.Plate?.Photo?.Height,
    };

    public static RowDetails DetailsOf(JournalRow row) => new([.. row.Targets.Select((_, t) => PlateOf(row, t)?.Map)])
    {
        Photo = row.Plate?.Photo?.Picture,
        File = row.Plate?.File,
        Region = row.Plate?.Region,
        Mark = row.Plate?.Mark,
        Marks = row.Plate?.Marks,
        Top = row.Plate?.Top,
        Forwards = row.Forwards,
        Milliseconds = row.Milliseconds,
    };

    // A journal may come from a stranger.
    private static PlateTarget? PlateOf(JournalRow row, int t) => t < row.Plate?.Targets.Count ? row.Plate.Targets[t] : null;

    private static ReportTarget Of(JournalTarget target, PlateTarget? plate) => new(target.Status)
    {
        Message = target.Message,
        Target = target.Target,
        Label = target.Label,
        Probability = target.Probability,
        Right = target.Right,
        Hit = target.Hit,
        Title = plate?.Title,
        Value = plate?.Value,
        Against = plate?.Against,
        Overlay = target.Overlay?.Name,
    };
}
