namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What a page shows of a row, and reads only when the row comes near the window.</summary>
/// <param name="Maps">A map for each explained class; null for one that has none.</param>
internal sealed record RowDetails(IReadOnlyList<SmallMap?> Maps)
{
    /// <summary>The small photo's source; null for none.</summary>
    public string? Photo { get; init; }

    /// <summary>The photo's file, relative to the page's folder, with forward slashes; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Where maps lie on the photo, in shares of it.</summary>
    public double[]? Region { get; init; }

    /// <summary>The line around the place that is asked about, in pixels of the small photo.</summary>
    public string? Mark { get; init; }

    /// <summary>The same for each of several targets, null for one without; null where there is one target, or none has any.</summary>
    public IReadOnlyList<string?>? Marks { get; init; }

    /// <summary>The most probable classes, best first.</summary>
    public IReadOnlyList<ClassChance>? Top { get; init; }

    /// <summary>How many images the network scored for it.</summary>
    public int Forwards { get; init; }

    /// <summary>How long it took.</summary>
    public double Milliseconds { get; init; }

    /// <summary>The same without numbers that JSON has no word for.</summary>
    public RowDetails Finite() => this with
    {
        Milliseconds = double.IsFinite(Milliseconds) ? Milliseconds : 0,
        Top = Top?.Where(chance => float.IsFinite(chance.Probability)).ToArray(),
    };
}
