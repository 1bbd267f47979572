namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>One picture and the class that it was explained for.</summary>
/// <param name="Image">The file, relative to the folder that was given.</param>
/// <param name="Status">What became of it, in a word or two.</param>
/// <param name="Message">What went wrong, in a sentence; null where nothing did.</param>
/// <param name="Target">The explained class's index.</param>
/// <param name="Label">The explained class's name.</param>
/// <param name="Probability">The network's probability of that class, 0 to 1.</param>
/// <param name="Layer">The explained layer.</param>
/// <param name="TrueLabel">What the picture shows, where that is known.</param>
/// <param name="Hit">Whether the map's maximum lies on the object, where that is known.</param>
/// <param name="Forwards">How many images the network scored for it.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record ReportRow(
    string Image,
    string Status,
    string? Message,
    int? Target,
    string? Label,
    float? Probability,
    string? Layer,
    string? TrueLabel,
    bool? Hit,
    int Forwards,
    double Milliseconds)
{
    /// <summary>What stands in the class's place, where none is asked about; null where one is.</summary>
    public string? Title { get; init; }

    /// <summary>What stands in the probability's place, where it is none; null where it is one.</summary>
    public string? Value { get; init; }

    /// <summary>The class that it is told from; null where it is told from none.</summary>
    public string? Against { get; init; }

    /// <summary>The overlay at the photo's own size, a path relative to the report with forward slashes; null for no link.</summary>
    public string? OverlayFile { get; init; }
}
