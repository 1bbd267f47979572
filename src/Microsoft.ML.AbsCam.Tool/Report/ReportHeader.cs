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
    /// <summary>What a plate is, what its colour marks, and what its number is.</summary>
    public string Reading { get; init; } = QuestionText.OfClass;

    /// <summary>Whether the first class of each picture is the one that the network gives it, so that another than the true one is a mistake of its.</summary>
    public bool IsPrediction { get; init; }

    /// <summary>The picture that all are compared with, encoded as plates are; null where there is none.</summary>
    public string? Reference { get; init; }

    /// <summary>What that picture is called.</summary>
    public string? ReferenceName { get; init; }

    /// <summary>How the page draws overlays before anybody chooses otherwise.</summary>
    public OverlayOptions Overlay { get; init; } = new();
}
