namespace Microsoft.ML.AbsCam.Measures.Consistency;

/// <summary>Where in the picture a map lies: its means over 16 x 16 places, with mean 0 and length 1, so that the product of two is their correlation.</summary>
internal static class MapPattern
{
    public const int Side = 16;
    public const int Length = Side * Side;

    // What rounding leaves of a map that is the same everywhere.
    private const double Flat = 1e-9;

    /// <returns>The pattern; null where the map is flat.</returns>
    public static float[]? Of(ReadOnlySpan<float> map, int height, int width)
    {
        double[] pattern = new double[Length];
        (int Cell, int Place, double Share)[] down = Shares(height);
        (int Cell, int Place, double Share)[] across = Shares(width);
        foreach ((int y, int row, double rowShare) in down)
        {
            foreach ((int x, int column, double share) in across)
            {
                pattern[(row * Side) + column] += rowShare * share * map[(y * width) + x];
            }
        }

        double mean = pattern.Average();
        double length = 0;
        for (int i = 0; i < Length; i++)
        {
            pattern[i] -= mean;
            length += pattern[i] * pattern[i];
        }

        length = Math.Sqrt(length);
        if (!(length > Flat * Math.Max(1, Math.Abs(mean) * Side)))
        {
            return null;
        }

        return [.. pattern.Select(value => (float)(value / length))];
    }

    /// <summary>Which cells lie in which places along an axis, and what share of the place each one covers.</summary>
    private static (int Cell, int Place, double Share)[] Shares(int cells)
    {
        List<(int, int, double)> shares = [];
        for (int cell = 0; cell < cells; cell++)
        {
            (double start, double end) = ((double)cell * Side / cells, (double)(cell + 1) * Side / cells);
            for (int place = (int)start; place < Side && place < end; place++)
            {
                shares.Add((cell, place, Math.Min(end, place + 1) - Math.Max(start, place)));
            }
        }

        return [.. shares];
    }
}
