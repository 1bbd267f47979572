namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>An image as the network takes it, with its map.</summary>
/// <param name="values">[C,H,W].</param>
/// <param name="height">H.</param>
/// <param name="width">W.</param>
/// <param name="map">[H,W]; finite.</param>
internal sealed class RowImage(ReadOnlyMemory<float> values, int height, int width, float[] map)
{
    private int[]? _order;

    public ReadOnlyMemory<float> Memory => values;

    public ReadOnlySpan<float> Values => values.Span;

    public int Height => height;

    public int Width => width;

    public int Pixels => height * width;

    public float[] Map => map;

    /// <summary>Pixels in falling order of saliency; sorted once for Deletion and Insertion.</summary>
    public int[] Order => _order ??= SaliencyOrder.Falling(map);
}
