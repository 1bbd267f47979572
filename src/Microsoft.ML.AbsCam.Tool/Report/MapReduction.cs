namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>
/// Brings maps to the fewest values that a page can draw them from. Most maps are a layer's, enlarged, and come back to its size exactly; for others twice as
/// many rows and columns are tried, until what the page will draw is the map itself, to what eyes tell apart. A smaller size is never guessed: it is tried by value.
/// </summary>
internal sealed class MapReduction
{
    /// <summary>How far a drawn value may be from the map's: three of the 256 levels of a colour, where colours change fastest.</summary>
    public const double Tolerance = 1.0 / 256;

    private const int LeastDivisor = 2;
    private const int MostDivisor = 16;

    private readonly int _height;
    private readonly int _width;
    private readonly (AxisFit Down, AxisFit Across)[] _fits;

    /// <param name="height">Rows of a map.</param>
    /// <param name="width">Columns of a map.</param>
    /// <param name="layer">The size of the layer that it comes from; null where there is none, or several.</param>
    public MapReduction(int height, int width, (int Height, int Width)? layer)
    {
        (_height, _width) = (height, width);
        List<(int Height, int Width)> sizes = layer is { } size ? [size] : [];
        for (int divisor = MostDivisor; divisor >= LeastDivisor; divisor /= 2)
        {
            sizes.Add(((height + divisor - 1) / divisor, (width + divisor - 1) / divisor));
        }

        _fits = [.. sizes.Where(tried => tried.Height <= height && tried.Width <= width && tried != (height, width) && (layer is not { } first || tried == first || tried.Height * tried.Width > first.Height * first.Width))
            .Select(tried => (new AxisFit(height, tried.Height), new AxisFit(width, tried.Width)))];
    }

    public SmallMap Reduce(ReadOnlySpan<float> map)
    {
        foreach ((AxisFit down, AxisFit across) in _fits)
        {
            var small = SmallMap.Of(Fit(map, down, across), down.Few, across.Few);
            if (IsNear(small.ToValues(), map, down, across))
            {
                return small;
            }
        }

        double[] whole = new double[map.Length];
        for (int i = 0; i < map.Length; i++)
        {
            whole[i] = map[i];
        }

        return SmallMap.Of(whole, _height, _width);
    }

    private double[] Fit(ReadOnlySpan<float> map, AxisFit down, AxisFit across)
    {
        // Rows first; then what is left has its columns fitted, as rows of the transposed.
        float[] turned = new float[across.Few * _height];
        double[] row = new double[across.Few];
        for (int y = 0; y < _height; y++)
        {
            across.Fit(map.Slice(y * _width, _width), row);
            for (int x = 0; x < row.Length; x++)
            {
                turned[(x * _height) + y] = (float)row[x];
            }
        }

        double[] small = new double[down.Few * across.Few];
        double[] column = new double[down.Few];
        for (int x = 0; x < across.Few; x++)
        {
            down.Fit(turned.AsSpan(x * _height, _height), column);
            for (int y = 0; y < column.Length; y++)
            {
                small[(y * across.Few) + x] = column[y];
            }
        }

        return small;
    }

    private bool IsNear(double[] small, ReadOnlySpan<float> map, AxisFit down, AxisFit across)
    {
        double[] mixed = new double[across.Few];
        for (int y = 0; y < _height; y++)
        {
            (int above, int below, double share) = down.At(y);
            for (int x = 0; x < mixed.Length; x++)
            {
                double upper = small[(above * across.Few) + x];
                mixed[x] = upper + ((small[(below * across.Few) + x] - upper) * share);
            }

            for (int x = 0; x < _width; x++)
            {
                (int left, int right, double weight) = across.At(x);
                double drawn = Math.Clamp(mixed[left] + ((mixed[right] - mixed[left]) * weight), 0, 1);
                if (!(Math.Abs(drawn - map[(y * _width) + x]) <= Tolerance))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
