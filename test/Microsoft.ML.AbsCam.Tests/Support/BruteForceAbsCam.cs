namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Abs-CAM of a <see cref="TinyNetwork"/> as the paper's formulas read, in plain loops and double precision.</summary>
internal static class BruteForceAbsCam
{
    private const int Layer = TinyNetwork.MapSide * TinyNetwork.MapSide;
    private const double Epsilon = 1e-8;

    /// <param name="Map">[8,8], or [4,4] at the layer's size.</param>
    /// <param name="Class">The class that is explained.</param>
    /// <param name="Probabilities">Of all classes.</param>
    /// <param name="Forwards">The image itself and one for each channel that counts.</param>
    internal sealed record Result(float[] Map, int Class, float[] Probabilities, int Forwards);

    /// <param name="network">The network.</param>
    /// <param name="image">[3,8,8].</param>
    /// <param name="target">The class; null takes the predicted one.</param>
    /// <param name="phase">Which map.</param>
    /// <param name="reading">How masks are combined.</param>
    /// <param name="atLayerSize">A map of 4 x 4.</param>
    public static Result Explain(
        TinyNetwork network, float[] image, int? target = null, SaliencyPhase phase = SaliencyPhase.Final, MaskReading reading = MaskReading.Weighted, bool atLayerSize = false)
    {
        double[] input = [.. image.Select(value => (double)value)];
        double[][] maps = Maps(network, input);
        double[] probabilities = Probabilities(network, maps);
        int explained = target ?? Array.IndexOf(probabilities, probabilities.Max());
        double[] weights = [.. Enumerable.Range(0, TinyNetwork.Channels).Select(k => Math.Abs(network.Weights[(k * TinyNetwork.Classes) + explained]) * TinyNetwork.Sharpness / Layer)];
        int side = atLayerSize ? TinyNetwork.MapSide : TinyNetwork.Side;
        double[] initial = Sum(maps.Select((map, k) => map.Select(value => weights[k] * value).ToArray()), Layer);
        double[] sum;
        int forwards = 1;
        double score = 1;
        if (phase == SaliencyPhase.Initial || reading == MaskReading.Whole)
        {
            double[] rectified = [.. initial.Select(value => Math.Max(value, 0))];
            sum = Up(rectified, side);
            if (phase == SaliencyPhase.Final)
            {
                score = MaskedProbability(network, input, Up(rectified, TinyNetwork.Side), explained);
                forwards++;
            }
        }
        else
        {
            sum = new double[side * side];
            for (int k = 0; k < maps.Length; k++)
            {
                if (weights[k] <= 0 || maps[k].Max() - maps[k].Min() < 1e-12)
                {
                    continue;
                }

                forwards++;
                double[] up = Up(maps[k], side);
                double[] mask = Up(maps[k], TinyNetwork.Side);
                double p = MaskedProbability(network, input, mask, explained);
                (double least, double range) = (mask.Min(), mask.Max() - mask.Min() + Epsilon);
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += p * (reading == MaskReading.Weighted ? weights[k] * up[i] : (up[i] - least) / range);
                }
            }

            sum = [.. sum.Select(value => Math.Max(value, 0))];
        }

        return new Result([.. Normalized(sum).Select(value => (float)(score * value))], explained, [.. probabilities.Select(p => (float)p)], forwards);
    }

    /// <param name="network">The network.</param>
    /// <param name="image">[3,8,8].</param>
    public static double[] Probabilities(TinyNetwork network, double[] image) => Probabilities(network, Maps(network, image));

    private static double MaskedProbability(TinyNetwork network, double[] input, double[] map, int target)
    {
        double[] mask = Normalized(map);
        return Probabilities(network, Maps(network, [.. input.Select((value, i) => value * mask[i % TinyNetwork.Pixels])]))[target];
    }

    private static double[] Normalized(double[] map)
    {
        (double least, double range) = (map.Min(), map.Max() - map.Min() + Epsilon);
        return [.. map.Select(value => (value - least) / range)];
    }

    private static double[] Sum(IEnumerable<double[]> maps, int length)
    {
        double[] sum = new double[length];
        foreach (double[] map in maps)
        {
            for (int i = 0; i < length; i++)
            {
                sum[i] += map[i];
            }
        }

        return sum;
    }

    private static double[][] Maps(TinyNetwork network, double[] input) => [.. Enumerable.Range(0, TinyNetwork.Channels).Select(k => Map(network, input, k))];

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

    private static double[] Probabilities(TinyNetwork network, double[][] maps)
    {
        double[] exponentials = new double[TinyNetwork.Classes];
        for (int c = 0; c < TinyNetwork.Classes; c++)
        {
            double logit = 0;
            for (int k = 0; k < TinyNetwork.Channels; k++)
            {
                logit += maps[k].Average() * network.Weights[(k * TinyNetwork.Classes) + c] * TinyNetwork.Sharpness;
            }

            exponentials[c] = Math.Exp(logit);
        }

        double total = exponentials.Sum();
        return [.. exponentials.Select(value => value / total)];
    }

    // Bilinear with half-pixel centres; beyond the outer centres the border repeats.
    private static double[] Up(double[] map, int side)
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
