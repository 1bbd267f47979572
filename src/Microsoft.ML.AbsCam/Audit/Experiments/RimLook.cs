using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>A few numbers that say what a picture's rim looks like.</summary>
internal static class RimLook
{
    /// <summary>Of each plane its mean, its deviation, and the mean step from one pixel to the next.</summary>
    public static float[] Of(ReadOnlySpan<float> input, bool[] rim, InputFrame frame)
    {
        float[] look = new float[3 * frame.Planes];
        for (int plane = 0; plane < frame.Planes; plane++)
        {
            (double sum, double squares, double steps, int count) = (0, 0, 0, 0);
            for (int i = 0; i < rim.Length; i++)
            {
                if (rim[i])
                {
                    float value = input[(plane * frame.Pixels) + i];
                    (sum, squares, count) = (sum + value, squares + (value * value), count + 1);
                    steps += i % frame.Width > 0 ? Math.Abs(value - input[(plane * frame.Pixels) + i - 1]) : 0;
                }
            }

            double mean = sum / count;
            look[plane] = (float)mean;
            look[frame.Planes + plane] = (float)Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
            look[(2 * frame.Planes) + plane] = (float)(steps / count);
        }

        return look;
    }

    /// <summary>The probability that as many looks drawn by chance are as alike: their mean distance to their middle, each number in units of its deviation.</summary>
    /// <param name="group">Which of the looks.</param>
    /// <param name="looks">All looks.</param>
    /// <param name="random">What groups are drawn by.</param>
    public static double AlikeByChance(IReadOnlyList<int> group, float[][] looks, Random random)
    {
        const int draws = 199;
        float[][] scaled = Scaled(looks);
        double observed = Spread(group, scaled);
        int[] order = [.. Enumerable.Range(0, looks.Length)];
        int asAlike = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            random.Shuffle(order);
            asAlike += Spread(order[..group.Count], scaled) <= observed ? 1 : 0;
        }

        return (1.0 + asAlike) / (draws + 1);
    }

    private static float[][] Scaled(float[][] looks)
    {
        int length = looks[0].Length;
        double[] means = [.. Enumerable.Range(0, length).Select(i => looks.Average(look => (double)look[i]))];
        double[] deviations = [.. Enumerable.Range(0, length).Select(i => Math.Sqrt(looks.Average(look => Math.Pow(look[i] - means[i], 2))) + 1e-9)];
        return [.. looks.Select(look => look.Select((value, i) => (float)((value - means[i]) / deviations[i])).ToArray())];
    }

    private static double Spread(IReadOnlyList<int> group, float[][] looks)
    {
        int length = looks[0].Length;
        double[] middle = [.. Enumerable.Range(0, length).Select(i => group.Average(place => (double)looks[place][i]))];
        return group.Average(place => Math.Sqrt(looks[place].Select((value, i) => Math.Pow(value - middle[i], 2)).Sum()));
    }
}
