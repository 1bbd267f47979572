using Microsoft.ML.AbsCam.Tests.Support;
using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>Maps of a <see cref="TinyNetwork"/> for any question of its scores, in plain loops and double precision; slopes are finite differences.</summary>
/// <param name="network">The network.</param>
/// <param name="score">What is asked, of the network's scores.</param>
/// <param name="weigh">What masked images weigh: of their scores, the image's own and those of an image of zeros.</param>
internal sealed class BruteForceQuestion(TinyNetwork network, Func<double[], double> score, Func<double[], double[], double[], double> weigh)
{
    private const double Step = 1e-6;

    /// <summary>The map of phase 1: relu(sum of mean(|g_k|) A_k).</summary>
    public float[] Initial(float[] image) => Map(image, Math.Abs, (_, _) => 1);

    /// <summary>Grad-CAM: relu(sum of mean(g_k) A_k).</summary>
    public float[] GradCam(float[] image) => Map(image, slope => slope, (_, _) => 1);

    /// <summary>Abs-CAM, weighted: relu(sum of p_k mean(|g_k|) A_k).</summary>
    public float[] AbsCam(float[] image) => Map(image, Math.Abs, (input, map) =>
    {
        if (map.Max() - map.Min() < 1e-12)
        {
            // A mask that shows nothing.
            return 0;
        }

        double[] mask = Normalized(Up(map, TinyNetwork.Side));
        double[] masked = [.. input.Select((value, i) => value * mask[i % TinyNetwork.Pixels])];
        return weigh(Scores(masked), Scores(input), Scores(new double[input.Length]));
    }, isEnlargedFirst: true);

    /// <summary>Ablation-CAM: relu(sum of ((y - y_k) / y) A_k).</summary>
    public float[] Ablation(float[] image)
    {
        double[] input = [.. image.Select(value => (double)value)];
        double[][] maps = Maps(network, input);
        double y = score(Logits(network, maps));
        return Sum(maps, maps.Select((map, k) => map.All(value => value == 0) ? 0 : (y - score(Logits(network, [.. maps.Select((other, j) => j == k ? new double[Layer] : other)]))) / y));
    }

    private float[] Map(float[] image, Func<double, double> weight, Func<double[], double[], double> factor, bool isEnlargedFirst = false)
    {
        double[] input = [.. image.Select(value => (double)value)];
        double[][] maps = Maps(network, input);
        return Sum(maps, maps.Select((map, k) => weight(Slope(maps, k)) is var w && w == 0 ? 0 : w * factor(input, map)), isEnlargedFirst);
    }

    // All pixels of a map are alike to their mean.
    private double Slope(double[][] maps, int k)
    {
        double at(double change) => score(Logits(network, [.. maps.Select((map, j) => j == k ? [.. map.Select(value => value + change)] : map)]));
        return (at(Step) - at(-Step)) / (2 * Step) / Layer;
    }

    private double[] Scores(double[] input) => Logits(network, Maps(network, input));

    private static float[] Sum(double[][] maps, IEnumerable<double> weights, bool isEnlargedFirst = false)
    {
        double[] sum = new double[Layer];
        foreach ((double[] map, double weight) in maps.Zip(weights))
        {
            for (int i = 0; i < Layer; i++)
            {
                sum[i] += weight * map[i];
            }
        }

        double[] enlarged = isEnlargedFirst ? Rectified(Up(sum, TinyNetwork.Side)) : Up(Rectified(sum), TinyNetwork.Side);
        return [.. Normalized(enlarged).Select(value => (float)value)];
    }

    private static double[] Rectified(double[] map) => [.. map.Select(value => Math.Max(value, 0))];
}
