using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// Multiplies images by masks made of maps, X * norm(up(m)), in ordinary memory and on the calling thread. The numbers are those
/// of <see cref="MapMath"/>; but small tensors cost libtorch more to start than to compute, and its threads would
/// spin on the cores that the network needs next.
/// </summary>
internal sealed class MaskPainter
{
    private readonly int _mapHeight;
    private readonly int _mapWidth;
    private readonly int _height;
    private readonly int _width;
    private readonly (int From, int To, float Share)[] _columns;
    private readonly (int From, int To, float Share)[] _rows;
    private readonly float[] _wide;
    private readonly float[] _mask;

    /// <param name="mapHeight">Rows of a map.</param>
    /// <param name="mapWidth">Columns of a map.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    public MaskPainter(int mapHeight, int mapWidth, int height, int width)
    {
        (_mapHeight, _mapWidth, _height, _width) = (mapHeight, mapWidth, height, width);
        _columns = Places(mapWidth, width);
        _rows = Places(mapHeight, height);
        _wide = new float[mapHeight * width];
        _mask = new float[height * width];
    }

    /// <param name="map">The map m [h,w].</param>
    /// <param name="image">The image X [C,H,W].</param>
    /// <param name="background">What is added to the product [C,H,W]; empty for nothing.</param>
    /// <param name="masked">Where the result goes [C,H,W].</param>
    /// <returns>The minimum of the mask before it was normalised, and what it was divided by.</returns>
    public (float Minimum, float Divisor) Paint(ReadOnlySpan<float> map, ReadOnlySpan<float> image, ReadOnlySpan<float> background, Span<float> masked)
    {
        (float, float) scale = MakeMask(map);
        for (int at = 0; at < image.Length; at += _mask.Length)
        {
            if (background.IsEmpty)
            {
                TensorPrimitives.Multiply(image.Slice(at, _mask.Length), _mask, masked[at..]);
            }
            else
            {
                TensorPrimitives.MultiplyAdd(image.Slice(at, _mask.Length), _mask, background.Slice(at, _mask.Length), masked[at..]);
            }
        }

        return scale;
    }

    private (float Minimum, float Divisor) MakeMask(ReadOnlySpan<float> map)
    {
        Widen(map);
        for (int row = 0; row < _height; row++)
        {
            (int from, int to, float share) = _rows[row];
            Span<float> line = _mask.AsSpan(row * _width, _width);
            TensorPrimitives.Multiply(_wide.AsSpan(from * _width, _width), 1 - share, line);
            TensorPrimitives.MultiplyAdd(_wide.AsSpan(to * _width, _width), share, line, line);
        }

        float minimum = TensorPrimitives.Min<float>(_mask);
        float divisor = TensorPrimitives.Max<float>(_mask) - minimum + MapMath.NormEpsilon;
        TensorPrimitives.Subtract(_mask, minimum, _mask);
        TensorPrimitives.Divide(_mask, divisor, _mask);
        return (minimum, divisor);
    }

    private void Widen(ReadOnlySpan<float> map)
    {
        for (int row = 0; row < _mapHeight; row++)
        {
            ReadOnlySpan<float> line = map.Slice(row * _mapWidth, _mapWidth);
            Span<float> wide = _wide.AsSpan(row * _width, _width);
            for (int column = 0; column < wide.Length; column++)
            {
                (int from, int to, float share) = _columns[column];
                wide[column] = ((1 - share) * line[from]) + (share * line[to]);
            }
        }
    }

    /// <summary>Between which two pixels each pixel of an axis lies, with half-pixel centres and the border repeated.</summary>
    internal static (int From, int To, float Share)[] Places(int from, int to) =>
    [
        .. Enumerable.Range(0, to).Select(pixel =>
        {
            float place = Math.Max(0, (((float)from / to) * (pixel + 0.5f)) - 0.5f);
            int first = Math.Min((int)place, from - 1);
            return (first, Math.Min(first + 1, from - 1), place - first);
        }),
    ];
}
