namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What a page shows of an image, beside what results say of it anyway.</summary>
/// <param name="Targets">One for each explained class.</param>
internal sealed record ReportPlate(IReadOnlyList<PlateTarget> Targets)
{
    /// <summary>The photo, small; null where it could not be read, or there is none.</summary>
    public Thumbnail? Photo { get; init; }

    /// <summary>The photo's file, relative to the page's folder, with forward slashes; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Where maps lie on the photo: left, top, right and bottom as shares of its width and height, beyond 0 and 1 where it was padded.</summary>
    public double[]? Region { get; init; }

    /// <summary>The line around the place that is asked about, as an SVG path in pixels of the small photo; null for none.</summary>
    public string? Mark { get; init; }

    /// <summary>The same for each of several targets, null for one without; null where no target has any, or there is one target.</summary>
    public IReadOnlyList<string?>? Marks { get; init; }

    /// <summary>What the picture shows, where that is known.</summary>
    public string? Truth { get; init; }

    /// <summary>The most probable classes, best first; null where the network gives none.</summary>
    public IReadOnlyList<ClassChance>? Top { get; init; }
}

/// <summary>What a page shows of an explained class.</summary>
/// <param name="Map">The map; null where there is none.</param>
/// <param name="Title">What stands in the class's place, where none is asked about; null where one is.</param>
/// <param name="Value">What stands in the probability's place, where it is none; null where it is one.</param>
/// <param name="Against">The class that it is told from; null where it is told from none.</param>
internal sealed record PlateTarget(SmallMap? Map = null, string? Title = null, string? Value = null, string? Against = null);

/// <summary>A class and its probability.</summary>
/// <param name="Target">The class's index.</param>
/// <param name="Probability">From 0 to 1.</param>
/// <param name="Label">The class's name; null where it has none.</param>
internal sealed record ClassChance(int Target, float Probability, string? Label = null);
