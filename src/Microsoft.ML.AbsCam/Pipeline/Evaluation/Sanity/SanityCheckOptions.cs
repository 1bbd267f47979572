namespace Microsoft.ML.AbsCam;

/// <summary>How a network is randomised and maps are compared. Every property has a default that works.</summary>
public sealed record SanityCheckOptions
{
    /// <summary>The column of images: <see cref="Data.MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Default: <c>Image</c>.</summary>
    public string ImageColumn { get; init; } = "Image";

    /// <summary>In how many stages layers are drawn anew, spread evenly from the uppermost to all, 1 or more; null for one stage a layer. Default: 8.</summary>
    public int? StageCount { get; init; } = 8;

    /// <summary>How many rows are held at once with their inputs and maps, 1 to 65536. Each stage's network is made once for so many rows. Default: 64.</summary>
    public int RowsAtOnce { get; init; } = 64;

    /// <summary>What weights and bootstrap intervals are drawn from. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ImageColumn);
        if (StageCount < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(StageCount), StageCount, $"{nameof(SanityCheckOptions)}.{nameof(StageCount)} is a number of stages: 1 or more, or null for one a layer.");
        }

        if (RowsAtOnce is < 1 or > 65536)
        {
            throw new ArgumentOutOfRangeException(nameof(RowsAtOnce), RowsAtOnce, $"{nameof(SanityCheckOptions)}.{nameof(RowsAtOnce)} is a number of rows in memory: 1 to 65536.");
        }
    }
}
