namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A row of the page: what is found, filtered and ordered by. What is shown of it is held apart.</summary>
/// <param name="Image">The file, relative to the folder that was given.</param>
/// <param name="Targets">The classes that it was explained for.</param>
internal sealed record ReportRow(string Image, IReadOnlyList<ReportTarget> Targets)
{
    /// <summary>What the picture shows, where that is known.</summary>
    public string? Truth { get; init; }

    /// <summary>Columns of the small photo; null for none.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of the small photo; null for none.</summary>
    public int? Height { get; init; }

    /// <summary>The same without numbers that JSON has no word for.</summary>
    public ReportRow Finite() => this with { Targets = [.. Targets.Select(target => target with { Probability = target.Probability is { } p && float.IsFinite(p) ? p : null })] };
}

/// <summary>A class that a picture was explained for.</summary>
/// <param name="Status">What became of it, in a word or two.</param>
internal sealed record ReportTarget(string Status)
{
    /// <summary>What went wrong, in a sentence; null where nothing did.</summary>
    public string? Message { get; init; }

    /// <summary>The class's index.</summary>
    public int? Target { get; init; }

    /// <summary>The class's name.</summary>
    public string? Label { get; init; }

    /// <summary>The network's probability of that class, 0 to 1.</summary>
    public float? Probability { get; init; }

    /// <summary>Whether it is what the picture shows, where that is known.</summary>
    public bool? Right { get; init; }

    /// <summary>Whether the map's maximum lies on the object, where that is known.</summary>
    public bool? Hit { get; init; }

    /// <summary>What stands in the class's place, where none is asked about; null where one is.</summary>
    public string? Title { get; init; }

    /// <summary>What stands in the probability's place, where it is none; null where it is one.</summary>
    public string? Value { get; init; }

    /// <summary>The class that it is told from; null where it is told from none.</summary>
    public string? Against { get; init; }

    /// <summary>The overlay at the photo's own size, a path relative to the page with forward slashes; null for no link.</summary>
    public string? Overlay { get; init; }
}
