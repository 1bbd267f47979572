namespace Microsoft.ML.AbsCam;

/// <summary>How the grid pointing game is played. Every property has a default that works.</summary>
public sealed record GridPointingOptions
{
    /// <summary>The column of images: <see cref="Data.MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Default: <c>Image</c>.</summary>
    public string ImageColumn { get; init; } = "Image";

    /// <summary>The column of the images' classes: a key, an integer from 0, or a text. Null takes the column that the explained target names, or else the class that the network predicts.</summary>
    public string? TargetColumn { get; init; }

    /// <summary>Tiles along one side of a grid, 2 to 16. Default: 2, four tiles.</summary>
    public int TilesPerSide { get; init; } = 2;

    /// <summary>How probable an image's class must be, 0 to 1, for the image to become a tile. Default: 0.5.</summary>
    public double MinimumProbability { get; init; } = 0.5;

    /// <summary>How many grids may wait for tiles at once, 1 to 4096; each holds one input of the network. Default: 64.</summary>
    public int MostOpenGrids { get; init; } = 64;

    /// <summary>After how many grids to stop reading, 1 or more; null plays on to the end of the data.</summary>
    public int? GridCount { get; init; }

    /// <summary>What the bootstrap intervals are drawn from. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ImageColumn);
        Check(TilesPerSide is >= 2 and <= 16, TilesPerSide, nameof(TilesPerSide), "tiles along a side: 2 to 16, for one tile alone tells nothing");
        Check(MinimumProbability is >= 0 and <= 1, MinimumProbability, nameof(MinimumProbability), "a probability: 0 to 1");
        Check(MostOpenGrids is >= 1 and <= 4096, MostOpenGrids, nameof(MostOpenGrids), "a number of pictures in memory: 1 to 4096");
        Check(GridCount is null or >= 1, GridCount, nameof(GridCount), "a number of grids: 1 or more, or null for all");
    }

    private static void Check(bool isFit, object? value, string name, string meaning)
    {
        if (!isFit)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(GridPointingOptions)}.{name} is {meaning}.");
        }
    }
}
