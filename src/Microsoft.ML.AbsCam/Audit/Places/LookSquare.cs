using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>A small square of a picture that is looked for in others, wherever it lies.</summary>
internal sealed class LookSquare
{
    private readonly float[] _pixels;
    private readonly int _planes;
    private readonly int _side;

    private LookSquare(float[] pixels, int planes, int side)
    {
        (_pixels, _planes, _side) = (pixels, planes, side);
        for (int plane = 0; plane < planes; plane++)
        {
            ReadOnlySpan<float> values = pixels.AsSpan(plane * side * side, side * side);
            float mean = TensorPrimitives.Sum(values) / values.Length;
            foreach (float value in values)
            {
                Structure += Math.Abs(value - mean);
            }
        }
    }

    /// <summary>How far its pixels lie from their mean, in sum: distances are told in this unit, so that of flat squares nothing is alike.</summary>
    public float Structure { get; }

    /// <summary>The squares of a picture or patch that have the most structure, apart from each other.</summary>
    /// <param name="pixels">[planes, height, width].</param>
    /// <param name="frame">Their size.</param>
    /// <param name="side">Side of a square.</param>
    /// <param name="most">How many.</param>
    public static IReadOnlyList<LookSquare> Of(float[] pixels, InputFrame frame, int side, int most)
    {
        int step = Math.Max(1, side / 2);
        List<(LookSquare LookSquare, int Top, int Left)> all = [];
        for (int top = 0; top + side <= frame.Height; top += step)
        {
            for (int left = 0; left + side <= frame.Width; left += step)
            {
                float[] square = new float[frame.Planes * side * side];
                for (int row = 0; row < frame.Planes * side; row++)
                {
                    pixels.AsSpan((row / side * frame.Pixels) + ((top + (row % side)) * frame.Width) + left, side).CopyTo(square.AsSpan(row * side));
                }

                all.Add((new LookSquare(square, frame.Planes, side), top, left));
            }
        }

        return [.. all.OrderByDescending(one => one.LookSquare.Structure).Take(most).Select(one => one.LookSquare)];
    }

    /// <summary>Where a picture looks most like the square.</summary>
    /// <param name="pixels">[planes, height, width].</param>
    /// <param name="frame">Their size.</param>
    /// <param name="most">Distances above it are not told apart.</param>
    /// <returns>The mean distance of the pixels in units of the square's own structure, 0 where they are the same, and the place.</returns>
    public (float Distance, int Top, int Left) BestIn(ReadOnlySpan<float> pixels, InputFrame frame, float most = 1)
    {
        (float limit, int bestTop, int bestLeft) = (most * Structure, -1, -1);
        for (int top = 0; top + _side <= frame.Height; top++)
        {
            for (int left = 0; left + _side <= frame.Width; left++)
            {
                float sum = 0;
                for (int row = 0; row < _planes * _side && sum < limit; row++)
                {
                    ReadOnlySpan<float> here = pixels.Slice((row / _side * frame.Pixels) + ((top + (row % _side)) * frame.Width) + left, _side);
                    ReadOnlySpan<float> own = _pixels.AsSpan(row * _side, _side);
                    for (int x = 0; x < own.Length; x++)
                    {
                        sum += Math.Abs(here[x] - own[x]);
                    }
                }

                (limit, bestTop, bestLeft) = sum < limit ? (sum, top, left) : (limit, bestTop, bestLeft);
            }
        }

        return (Structure > 0 ? limit / Structure : most, bestTop, bestLeft);
    }
}
