using System.Numerics;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>The missing pixels of an image, in row order, with the weights of their neighbours: the matrix A = D - W of the imputation's equations.</summary>
internal sealed class PixelNeighbours
{
    /// <summary>How many neighbours a pixel has; the first half of them come before it in row order.</summary>
    public const int Each = 8;

    private const float Straight = 1f / 6;
    private const float Across = 1f / 12;

    private static readonly (int Down, int Right, float Weight)[] Offsets =
    [
        (-1, -1, Across), (-1, 0, Straight), (-1, 1, Across), (0, -1, Straight), (0, 1, Straight), (1, -1, Across), (1, 0, Straight), (1, 1, Across),
    ];

    private readonly int[] _missing;
    private readonly int _height;
    private readonly int _width;
    private readonly bool[] _isMissing;

    public PixelNeighbours(int[] missing, bool[] isMissing, int height, int width)
    {
        (_missing, _isMissing, _height, _width) = (missing, isMissing, height, width);
        int[] places = new int[isMissing.Length];
        for (int i = 0; i < missing.Length; i++)
        {
            places[missing[i]] = i;
        }

        // What is no unknown is read from one place more, which stays 0.
        Places = new int[missing.Length * Each];
        Sums = new float[missing.Length];
        for (int i = 0; i < missing.Length; i++)
        {
            for (int n = 0; n < Each; n++)
            {
                int pixel = Neighbour(missing[i], n);
                Places[(i * Each) + n] = pixel >= 0 && isMissing[pixel] ? places[pixel] : missing.Length;
                Sums[i] += pixel >= 0 ? Offsets[n].Weight : 0;
            }
        }
    }

    public int Count => _missing.Length;

    /// <summary>Of each missing pixel, which missing ones its neighbours are; <see cref="Count"/> for none.</summary>
    public int[] Places { get; }

    /// <summary>Of each missing pixel, the sum of the weights of all its neighbours: the diagonal D.</summary>
    public float[] Sums { get; }

    public static float Weight(int neighbour) => Offsets[neighbour].Weight;

    /// <summary>Of each missing pixel, the weighted sum of its known neighbours: the right side of the equations.</summary>
    public Vector4[] Known(Vector4[] values)
    {
        var known = new Vector4[Count];
        for (int i = 0; i < known.Length; i++)
        {
            for (int n = 0; n < Each; n++)
            {
                int pixel = Neighbour(_missing[i], n);
                known[i] += pixel >= 0 && !_isMissing[pixel] ? Offsets[n].Weight * values[pixel] : Vector4.Zero;
            }
        }

        return known;
    }

    private int Neighbour(int pixel, int neighbour)
    {
        (int y, int x) = ((pixel / _width) + Offsets[neighbour].Down, (pixel % _width) + Offsets[neighbour].Right);
        return y >= 0 && y < _height && x >= 0 && x < _width ? (y * _width) + x : -1;
    }
}
