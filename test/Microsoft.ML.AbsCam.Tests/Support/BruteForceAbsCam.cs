using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Abs-CAM of a <see cref="TinyNetwork"/> as the paper's formulas read, in plain loops and double precision.</summary>
internal static class BruteForceAbsCam
{
    private const double Epsilon = 1e-8;

    /// <param name="Map">[8,8], or [4,4] at the layer's size.</param>
    /// <param name="Class">The class that is explained.</param>
    /// <param name="Probabilities">Of all classes.</param>
    /// <param name="Forwards">The image itself and one for each channel that counts.</param>
    internal sealed record Result(float[] Map, int Class, float[] Probabilities, int Forwards);

    /// <param name="network">The network.</param>
    /// <param name="image">[3,8,8].</param>
    /// <param name="target">The class; null takes the predicted one.</param>
    /// <param name="method">One of Abs-CAM's; null takes the weighted final map.</param>
    /// <param name="atLayerSize">A map of 4 x 4.</param>
    public static Result Explain(
        TinyNetwork network, float[] image, int? target = null, SaliencyMethod? method = null, bool atLayerSize = false)
    {
        method ??= SaliencyMethod.AbsCam;
        double[] input = [.. image.Select(value => (double)value)];
        double[][] maps = Maps(network, input);
        double[] probabilities = TinyLoops.Probabilities(network, maps);
        int explained = target ?? Array.IndexOf(probabilities, probabilities.Max());
        double[] weights = [.. Enumerable.Range(0, TinyNetwork.Channels).Select(k => Math.Abs(network.Weights[(k * TinyNetwork.Classes) + explained]) * TinyNetwork.Sharpness / Layer)];
        int side = atLayerSize ? TinyNetwork.MapSide : TinyNetwork.Side;
        double[] initial = Sum(maps.Select((map, k) => map.Select(value => weights[k] * value).ToArray()), Layer);
        double[] sum;
        int forwards = 1;
        double score = 1;
        if (method == SaliencyMethod.AbsCamInitial || method == SaliencyMethod.AbsCamWhole)
        {
            double[] rectified = [.. initial.Select(value => Math.Max(value, 0))];
            sum = Up(rectified, side);
            if (method == SaliencyMethod.AbsCamWhole)
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
                double p = method == SaliencyMethod.AbsCamPerChannelLogit ? Math.Abs(MaskedLogit(network, input, mask, explained)) : MaskedProbability(network, input, mask, explained);
                (double least, double range) = (mask.Min(), mask.Max() - mask.Min() + Epsilon);
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += p * (method == SaliencyMethod.AbsCam ? weights[k] * up[i] : (up[i] - least) / range);
                }
            }

            sum = [.. sum.Select(value => Math.Max(value, 0))];
        }

        return new Result([.. Normalized(sum).Select(value => (float)(score * value))], explained, [.. probabilities.Select(p => (float)p)], forwards);
    }

    private static double MaskedProbability(TinyNetwork network, double[] input, double[] map, int target)
    {
        double[] mask = Normalized(map);
        return TinyLoops.Probabilities(network, Maps(network, [.. input.Select((value, i) => value * mask[i % TinyNetwork.Pixels])]))[target];
    }

    private static double MaskedLogit(TinyNetwork network, double[] input, double[] map, int target)
    {
        double[] mask = Normalized(map);
        return TinyLoops.Logits(network, Maps(network, [.. input.Select((value, i) => value * mask[i % TinyNetwork.Pixels])]))[target];
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
}
