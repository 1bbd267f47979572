namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A row of the page: what is found, filtered and ordered by. Its pictures are held apart.</summary>
/// <param name="Image">The file, relative to the folder that was given.</param>
/// <param name="Targets">The classes that it was explained for.</param>
internal sealed record ReportRow(string Image, IReadOnlyList<ReportTarget> Targets)
{
    /// <summary>What the picture shows, where that is known.</summary>
    public string? Truth { get; init; }

    /// <summary>The photo's file, relative to the page's folder, with forward slashes; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Columns of the small photo; null for none.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of the small photo; null for none.</summary>
    public int? Height { get; init; }

    /// <summary>The most probable classes, best first.</summary>
    public IReadOnlyList<ClassChance>? Top { get; init; }

    /// <summary>How many images the network scored for it.</summary>
    public int Forwards { get; init; }

    /// <summary>How long it took.</summary>
    public double Milliseconds { get; init; }

    /// <summary>The same without numbers that JSON has no word for.</summary>
    public ReportRow Finite() => this with
    {
        Milliseconds = double.IsFinite(Milliseconds) ? Milliseconds : 0,
        Targets = [.. Targets.Select(target => target with { Probability = target.Probability is { } p && float.IsFinite(p) ? p : null })],
        Top = Top?.Where(chance => float.IsFinite(chance.Probability)).ToArray(),
    };
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

/// <summary>The pictures of a row, which a page reads only when they come near the window.</summary>
/// <param name="Photo">The small photo's source; null for none.</param>
/// <param name="Region">Where maps lie on the photo, in shares of it.</param>
/// <param name="Mark">The line around the place that is asked about, in pixels of the small photo.</param>
/// <param name="Maps">A map for each explained class; null for one that has none.</param>
internal sealed record ReportPictures(string? Photo, double[]? Region, string? Mark, IReadOnlyList<SmallMap?> Maps);
