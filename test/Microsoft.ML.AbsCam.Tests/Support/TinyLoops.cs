namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A <see cref="TinyNetwork"/> and the steps of the methods, in plain loops and double precision.</summary>
internal static class TinyLoops
{
    /// <summary>Pixels of a map.</summary>
    public const int Layer = TinyNetwork.MapSide * TinyNetwork.MapSide;
    private const double Epsilon = 1e-8;

    public static double[] Normalized(double[] map)
    {
        (double least, double range) = (map.Min(), map.Max() - map.Min() + Epsilon);
        return [.. map.Select(value => (value - least) / range)];
    }

    public static double[][] Maps(TinyNetwork network, double[] input) => [.. Enumerable.Range(0, TinyNetwork.Channels).Select(k => Map(network, input, k))];

    private static double[] Map(TinyNetwork network, double[] input, int k)
    {
        double[] map = new double[Layer];
        for (int at = 0; at < Layer; at++)
        {
            double sum = network.Bias[k];
            for (int tap = 0; tap < 27; tap++)
            {
                int y = (at / TinyNetwork.MapSide * 2) - 1 + (tap / 3 % 3);
                int x = (at % TinyNetwork.MapSide * 2) - 1 + (tap % 3);
                if (y is >= 0 and < TinyNetwork.Side && x is >= 0 and < TinyNetwork.Side)
                {
                    sum += network.Kernels[(k * 27) + tap] * input[(tap / 9 * TinyNetwork.Pixels) + (y * TinyNetwork.Side) + x];
                }
            }

            map[at] = network.IsRectified ? Math.Max(sum, 0) : sum;
        }

        return map;
    }

    public static double[] Logits(TinyNetwork network, double[][] maps)
        => [.. Enumerable.Range(0, TinyNetwork.Classes).Select(c => maps.Select((map, k) => map.Average() * network.Weights[(k * TinyNetwork.Classes) + c] * TinyNetwork.Sharpness).Sum())];

    public static double[] Probabilities(TinyNetwork network, double[][] maps)
    {
        double[] exponentials = [.. Logits(network, maps).Select(Math.Exp)];
        double total = exponentials.Sum();
        return [.. exponentials.Select(value => value / total)];
    }

    /// <param name="network">The network.</param>
    /// <param name="image">[3,8,8].</param>
    public static double[] Probabilities(TinyNetwork network, double[] image) => Probabilities(network, Maps(network, image));

    // Bilinear with half-pixel centres; beyond the outer centres the border repeats.
    public static double[] Up(double[] map, int side)
    {
        int from = TinyNetwork.MapSide;
        double[] up = new double[side * side];
        for (int i = 0; i < up.Length; i++)
        {
            (int top, int bottom, double down) = Place(i / side);
            (int left, int right, double across) = Place(i % side);
            up[i] = ((1 - down) * (((1 - across) * map[(top * from) + left]) + (across * map[(top * from) + right])))
                + (down * (((1 - across) * map[(bottom * from) + left]) + (across * map[(bottom * from) + right])));
        }

        return up;

        (int First, int Second, double Part) Place(int pixel)
        {
            double centre = Math.Clamp(((pixel + 0.5) * from / side) - 0.5, 0, from - 1);
            int first = (int)centre;
            return (first, Math.Min(first + 1, from - 1), centre - first);
        }
    }
}
