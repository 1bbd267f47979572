namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What stands above a report's pictures.</summary>
/// <param name="Title">The report's name.</param>
/// <param name="Summary">A sentence or two for a reader who knows nothing of the run.</param>
/// <param name="Facts">Names and values, in order: the model, the method, the layer, and what else maps depend on.</param>
internal sealed record ReportHeader(
    string Title,
    string Summary,
    IReadOnlyList<(string Name, string Value)> Facts)
{
    /// <summary>The colours of the overlays, for the legend.</summary>
    public ColorMap ColorMap { get; init; } = ColorMap.Inferno;
}
