namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What stands above a report's pictures.</summary>
/// <param name="Title">The report's name.</param>
/// <param name="Model">The network.</param>
/// <param name="Method">The saliency method, with its reading.</param>
/// <param name="Layer">The explained layer.</param>
/// <param name="Summary">A sentence or two for a reader who knows nothing of the run.</param>
/// <param name="Facts">More names and values, in order.</param>
internal sealed record ReportHeader(
    string Title,
    string Model,
    string Method,
    string Layer,
    string Summary,
    IReadOnlyList<(string Name, string Value)> Facts)
{
    /// <summary>The colours of the overlays, for the legend.</summary>
    public ColorMap ColorMap { get; init; } = ColorMap.Inferno;
}
