using Microsoft.ML.AbsCam.Saliency.Stopping;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Stopping;

/// <summary>The guesses and their spread beside the textbook's formulas with an inverse matrix, and beside scores drawn from the process itself.</summary>
[TestClass]
public sealed class ExpectedRuleTests
{
    private const int Channels = 14;
    private const int Side = 4;
    private const int Run = 8;

    private static readonly int[] RunChannels = [.. Enumerable.Range(0, Run)];
    private static readonly int[] LeftChannels = [.. Enumerable.Range(Run, Channels - Run)];

    [TestMethod]
    public void Guesses_and_variances_are_those_of_the_conditional_normal_distribution()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            float[] maps = Maps(seed);
            float[] scores = [.. OnnxModelBuilder.Numbers([Run], seed + 100).Select(Math.Abs)];
            float[] effects = OnnxModelBuilder.Numbers([LeftChannels.Length * 5], seed + 200);
            AlikeMasks alike = Learnt(maps, scores);
            float[] guesses = new float[LeftChannels.Length];
            double variance = alike.Guess(0, guesses);

            double[,] covariance = Covariance(maps);
            double[,] inverse = Inverse(Part(covariance, RunChannels, RunChannels));
            double[,] share = Product(Part(covariance, LeftChannels, RunChannels), inverse);
            double explained = 0;
            for (int i = 0; i < Run; i++)
            {
                for (int j = 0; j < Run; j++)
                {
                    explained += scores[i] * inverse[i, j] * scores[j];
                }
            }

            Assert.AreEqual((explained + (5 * 0.09)) / (Run + 5), variance, 1e-5);
            double[,] posterior = Part(covariance, LeftChannels, LeftChannels);
            double[,] known = Product(share, Part(covariance, RunChannels, LeftChannels));
            for (int i = 0; i < LeftChannels.Length; i++)
            {
                Assert.AreEqual(Math.Clamp(RunChannels.Sum(j => share[i, j] * scores[j]), 0, 1), guesses[i], 1e-5, $"case {seed}, mask {i}");
            }

            float[] spread = new float[5];
            alike.Variance(effects, spread);
            for (int u = 0; u < 5; u++)
            {
                double expected = 0;
                for (int i = 0; i < LeftChannels.Length; i++)
                {
                    for (int j = 0; j < LeftChannels.Length; j++)
                    {
                        expected += (double)effects[(i * 5) + u] * effects[(j * 5) + u] * (posterior[i, j] - known[i, j]);
                    }
                }

                Assert.AreEqual(expected, spread[u], 1e-4 * (1 + expected), $"case {seed}, sum {u}");
            }
        }
    }

    /// <summary>The rule stops at its tolerance: just below what it finds it says no, just above yes; what it finds is recomputed by changing one score after the other.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_expected_difference_is_that_of_maps_made_anew_with_changed_scores(bool isSigned)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            float[] maps = Maps(seed, isSigned);
            float[] weights = [.. OnnxModelBuilder.Numbers([Channels], seed + 300).Select((value, k) => (Math.Abs(value) + 0.5f) * (k < Run ? 1 : 0.02f))];
            float[] scores = [.. OnnxModelBuilder.Numbers([Channels], seed + 400).Select((value, k) => k < Run ? Math.Clamp(Math.Abs(value) + 0.2f, 0, 1) : 0)];
            AlikeMasks alike = Learnt(maps, scores[..Run]);
            float[] guesses = new float[LeftChannels.Length];
            double scale = Math.Sqrt(alike.Guess(0, guesses));

            // Derivatives of the normalised map by small changes of one score.
            const double Step = 1e-4;
            double[] Map(int changed, double by) => Normalised(maps, weights, k => (k < Run ? scores[k] : guesses[k - Run]) + (k == changed ? by : 0));
            float[] spread = new float[Side * Side];
            alike.Variance([.. LeftChannels.SelectMany(k => Map(k, Step).Zip(Map(k, -Step), (up, down) => (float)((up - down) / (2 * Step))))], spread);
            double expected = spread.Average(value => scale * Math.Sqrt(2 / Math.PI * value));

            Assert.IsTrue(IsClose(1.01 * expected), $"case {seed} is within {expected}");
            Assert.IsFalse(IsClose(0.99 * expected), $"case {seed} is not within less than {expected}");

            bool IsClose(double tolerance) => NewRule(maps, tolerance).IsClose(row: 0, weights, scores, RunChannels, LeftChannels, new float[LeftChannels.Length]);
        }
    }

    [TestMethod]
    public void A_row_that_was_too_far_off_is_looked_at_again_when_enough_was_run()
    {
        float[] maps = Maps(3);
        float[] weights = [.. Enumerable.Range(0, Channels).Select(k => (float)Math.Pow(0.4, k))];
        float[] scores = [.. Enumerable.Repeat(0.5f, Channels)];
        ExpectedRule waiting = NewRule(maps, tolerance: 0.002);
        bool[] patient = new bool[Channels];
        bool[] fresh = new bool[Channels];
        for (int run = 1; run < Channels; run++)
        {
            patient[run] = Ask(waiting, run);
            fresh[run] = Ask(NewRule(maps, tolerance: 0.002), run);
        }

        Assert.IsTrue(fresh.Contains(true) && !fresh[4], "it is far first, and close later");
        Assert.IsLessThanOrEqualTo(1, Math.Abs(Array.IndexOf(patient, true) - Array.IndexOf(fresh, true)), "waiting hardly changes when it stops");

        bool Ask(ExpectedRule rule, int run) => rule.IsClose(row: 0, weights, scores, [.. Enumerable.Range(0, run)], [.. Enumerable.Range(run, Channels - run)], new float[Channels - run]);
    }

    [TestMethod]
    public void Few_scores_a_map_that_is_the_same_everywhere_and_one_that_is_not_finite_are_never_close_enough()
    {
        float[] weights = [.. Enumerable.Repeat(1f, Channels)];
        float[] broken = Maps(5);
        broken[3] = float.NaN;
        Assert.IsFalse(IsClose(Maps(5), run: [0, 1, 2], left: [3]));
        Assert.IsFalse(IsClose([.. Enumerable.Repeat(1f, Channels * Side * Side)], RunChannels, LeftChannels));
        Assert.IsFalse(IsClose(broken, RunChannels, LeftChannels));

        bool IsClose(float[] maps, int[] run, int[] left) => NewRule(maps, tolerance: 0.9).IsClose(row: 0, weights, scores: weights, run, left, guesses: new float[left.Length]);
    }

    private static ExpectedRule NewRule(float[] maps, double tolerance) => new(maps, reach: [.. Enumerable.Repeat(1f, Channels)], rows: 1, channels: Channels, tolerance);

    private static AlikeMasks Learnt(float[] maps, float[] scores)
    {
        var alike = new AlikeMasks(maps, Channels, 1);
        foreach (float score in scores)
        {
            alike.Learn([score]);
        }

        return alike;
    }

    private static float[] Maps(int seed, bool isSigned = false) => [.. OnnxModelBuilder.Numbers([Channels * Side * Side], seed).Select(value => isSigned ? value : Math.Max(value, 0))];

    private static double[] Normalised(float[] maps, float[] weights, Func<int, double> score)
    {
        double[] sum = [.. Enumerable.Range(0, Side * Side).Select(u => Math.Max(0, Enumerable.Range(0, Channels).Sum(k => score(k) * weights[k] * maps[(k * Side * Side) + u])))];
        return [.. sum.Select(value => (value - sum.Min()) / (sum.Max() - sum.Min() + 1e-8))];
    }

    private static double[,] Covariance(float[] maps)
    {
        double[][] masks = [.. maps.Chunk(Side * Side).Select(map => map.Select(value => ((double)value - map.Min()) / (map.Max() - (double)map.Min() + 1e-8)).ToArray())];
        double[,] covariance = new double[Channels, Channels];
        for (int i = 0; i < Channels; i++)
        {
            for (int j = 0; j < Channels; j++)
            {
                double square = masks[i].Zip(masks[j], (a, b) => (a - b) * (a - b)).Average();
                covariance[i, j] = 1 + (4 * Math.Exp(-square / (2 * 0.2 * 0.2))) + (i == j ? 0.1 : 0);
            }
        }

        return covariance;
    }

    private static double[,] Part(double[,] matrix, int[] rows, int[] columns)
    {
        double[,] part = new double[rows.Length, columns.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                part[i, j] = matrix[rows[i], columns[j]];
            }
        }

        return part;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        double[,] product = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < b.GetLength(1); j++)
            {
                product[i, j] = Enumerable.Range(0, a.GetLength(1)).Sum(k => a[i, k] * b[k, j]);
            }
        }

        return product;
    }

    /// <summary>Gauss and Jordan's way, without pivots, which a covariance does not need.</summary>
    private static double[,] Inverse(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] work = (double[,])matrix.Clone();
        double[,] inverse = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            inverse[i, i] = 1;
        }

        for (int pivot = 0; pivot < n; pivot++)
        {
            double divisor = work[pivot, pivot];
            for (int j = 0; j < n; j++)
            {
                work[pivot, j] /= divisor;
                inverse[pivot, j] /= divisor;
            }

            for (int i = 0; i < n; i++)
            {
                double factor = work[i, pivot];
                for (int j = 0; i != pivot && j < n; j++)
                {
                    work[i, j] -= factor * work[pivot, j];
                    inverse[i, j] -= factor * inverse[pivot, j];
                }
            }
        }

        return inverse;
    }
}
