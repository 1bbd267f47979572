namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What can be said of a network before its weights are read; null where only reading them tells.</summary>
/// <param name="Channels">Colour channels of the input.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="Width">Columns of the input.</param>
/// <param name="ClassCount">How many scores the network gives an image.</param>
internal readonly record struct KnownShape(int? Channels, int? Height, int? Width, int? ClassCount)
{
    public static KnownShape Of(NetworkShape shape) => new(shape.Channels, shape.Height, shape.Width, shape.ClassCount) { OneScoreIsOneClass = shape.OneScoreIsOneClass };

    /// <summary>Whether one single score is one class, as a detector's.</summary>
    public bool OneScoreIsOneClass { get; init; }

    public NetworkShape? Complete => (Channels, Height, Width, ClassCount) is (int channels, int height, int width, int classes)
        ? new NetworkShape(channels, height, width, classes) { OneScoreIsOneClass = OneScoreIsOneClass }
        : null;
}
