namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>A place that a row asks about, in the network's input: a box, or a mask over it.</summary>
internal abstract record AskedPlace
{
    /// <summary>Nowhere: the row names no place, or one that the network does not see.</summary>
    public static AskedPlace None { get; } = new Nowhere();

    /// <param name="Left">Its left side, in pixels of the input; pixel i covers i to i + 1.</param>
    /// <param name="Top">Its upper side.</param>
    /// <param name="Right">Its right side.</param>
    /// <param name="Bottom">Its lower side.</param>
    internal sealed record BoxPlace(double Left, double Top, double Right, double Bottom) : AskedPlace;

    /// <param name="Inside">1 inside and 0 outside, or a share between, row by row of the input.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    internal sealed record MaskPlace(float[] Inside, int Height, int Width) : AskedPlace;

    private sealed record Nowhere : AskedPlace;
}
