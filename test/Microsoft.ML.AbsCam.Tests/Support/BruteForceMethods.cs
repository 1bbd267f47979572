using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Other methods on a <see cref="TinyNetwork"/> as their formulas read, in plain loops and double precision.</summary>
internal static class BruteForceMethods
{
    private const int Side = TinyNetwork.Side;
    private const int Pixels = TinyNetwork.Pixels;
    private const int Channels = TinyNetwork.Channels;

    public static float[] AblationCam(TinyNetwork network, float[] image, int target)
    {
        double[][] maps = Maps(network, Double(image));
        double y = Logits(network, maps)[target];
        double[] sum = new double[Layer];
        for (int k = 0; k < Channels; k++)
        {
            double[][] without = [.. maps];
            without[k] = new double[Layer];
            double weight = (y - Logits(network, without)[target]) / y;
            for (int at = 0; at < Layer; at++)
            {
                sum[at] += weight * maps[k][at];
            }
        }

        return Finish(sum);
    }

    /// <summary>The image itself, and one for each map that is not all zero.</summary>
    public static int AblationForwards(TinyNetwork network, float[] image) => 1 + Maps(network, Double(image)).Count(map => map.Any(value => value != 0));

    public static float[] EigenCam(TinyNetwork network, float[] image) => Finish(Projection(Maps(network, Double(image))));

    /// <summary>The projection of each place on the first principal component, which power iteration on the covariance finds.</summary>
    public static double[] Projection(double[][] maps)
    {
        double[][] centred = [.. maps.Select(map => map.Select(value => value - map.Average()).ToArray())];
        double[][] covariance = [.. centred.Select(left => centred.Select(right => left.Zip(right, (a, b) => a * b).Sum()).ToArray())];
        double[] component = [.. Enumerable.Range(0, Channels).Select(k => 1.0 / (k + 1))];
        for (int round = 0; round < 20_000; round++)
        {
            double[] next = [.. covariance.Select(row => row.Select((value, k) => component[k] * value).Sum())];
            double length = Math.Sqrt(next.Sum(value => value * value));
            component = [.. next.Select(value => value / length)];
        }

        double[] map = [.. Enumerable.Range(0, Layer).Select(at => centred.Select((values, k) => values[at] * component[k]).Sum())];
        double agreement = Enumerable.Range(0, Layer).Sum(at => map[at] * centred.Sum(values => values[at]));
        return [.. map.Select(value => agreement < 0 ? -value : value)];
    }

    /// <summary>Six maps are six groups of one.</summary>
    public static float[] GroupCam(TinyNetwork network, float[] image, int target)
    {
        double[] input = Double(image);
        double[] blurred = Blur(input);
        double background = Probabilities(network, Maps(network, blurred))[target];
        double[] sum = new double[Pixels];
        double[][] maps = Maps(network, input);
        for (int k = 0; k < Channels; k++)
        {
            double weight = network.Weights[(k * TinyNetwork.Classes) + target] * TinyNetwork.Sharpness / Layer;
            double[] group = Denoised([.. maps[k].Select(value => Math.Max(weight * value, 0))]);
            if (group.Max() - group.Min() < 1e-12)
            {
                continue;
            }

            double[] mask = Normalized(Up(group, Side));
            double[] masked = [.. input.Select((value, i) => (value * mask[i % Pixels]) + (blurred[i] * (1 - mask[i % Pixels])))];
            double gain = Probabilities(network, Maps(network, masked))[target] - background;
            for (int i = 0; i < Pixels; i++)
            {
                sum[i] += gain * mask[i];
            }
        }

        return [.. Normalized([.. sum.Select(value => Math.Max(value, 0))]).Select(value => (float)value)];
    }

    /// <summary>What is not above the 70th percentile, interpolated between ranks, becomes 0.</summary>
    public static double[] Denoised(double[] map)
    {
        double[] sorted = [.. map.Order()];
        double place = 0.7 * (map.Length - 1);
        int below = (int)place;
        double threshold = sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, map.Length - 1)] - sorted[below]));
        return [.. map.Select(value => value > threshold ? value : 0)];
    }

    public static float[] Rise(TinyNetwork network, float[] image, int target, double[][] masks, double keep)
    {
        double[] sum = new double[Pixels];
        foreach (double[] mask in masks)
        {
            double p = Probabilities(network, Maps(network, [.. image.Select((value, i) => value * mask[i % Pixels])]))[target];
            for (int i = 0; i < Pixels; i++)
            {
                sum[i] += p * mask[i] / (masks.Length * keep);
            }
        }

        return [.. Normalized(sum).Select(value => (float)value)];
    }

    public static int Predicted(TinyNetwork network, float[] image)
    {
        double[] logits = Logits(network, Maps(network, Double(image)));
        return Array.IndexOf(logits, logits.Max());
    }

    // 51 pixels do not fit: 7 to each side are what an image of 8 can reflect.
    private static double[] Blur(double[] input)
    {
        const int Reach = Side - 1;
        double[] blurred = new double[input.Length];
        for (int i = 0; i < input.Length; i++)
        {
            (int plane, int y, int x) = (i / Pixels * Pixels, i % Pixels / Side, i % Side);
            (double sum, double total) = (0, 0);
            for (int dy = -Reach; dy <= Reach; dy++)
            {
                for (int dx = -Reach; dx <= Reach; dx++)
                {
                    double weight = Math.Exp(-((dy * dy) + (dx * dx)) / (2.0 * 50 * 50));
                    sum += weight * input[plane + (Reflect(y + dy) * Side) + Reflect(x + dx)];
                    total += weight;
                }
            }

            blurred[i] = sum / total;
        }

        return blurred;

        static int Reflect(int at) => at < 0 ? -at : at >= Side ? (2 * (Side - 1)) - at : at;
    }

    public static float[] Finish(double[] low) => [.. Normalized(Up([.. low.Select(value => Math.Max(value, 0))], Side)).Select(value => (float)value)];

    private static double[] Double(float[] values) => [.. values.Select(value => (double)value)];
}
