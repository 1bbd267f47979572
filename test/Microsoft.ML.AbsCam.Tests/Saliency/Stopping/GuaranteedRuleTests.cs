using Microsoft.ML.AbsCam.Saliency.Stopping;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Stopping;

/// <summary>What a tolerance promises: no scores that the channels left could have had break it.</summary>
[TestClass]
public sealed class GuaranteedRuleTests
{
    private const int Channels = 12;
    private const double Epsilon = 1e-8;

    [TestMethod]
    [DataRow(false, 0.01)]
    [DataRow(true, 0.01)]
    [DataRow(false, 0.1)]
    [DataRow(true, 0.1)]
    [DataRow(false, 0.4)]
    [DataRow(true, 0.4)]
    public void No_scores_of_the_channels_left_break_the_tolerance(bool isSigned, double tolerance)
    {
        int promises = 0;
        for (ulong seed = 0; seed < (ulong)Sweep.Of(100, 300); seed++)
        {
            Case random = new(seed, isSigned);
            var rule = new GuaranteedRule(random.Maps, random.Reach, rows: 1, channels: Channels, new CornerPixels(random.Height, random.Width, random.Rows, random.Columns), tolerance);
            float[] guesses = new float[random.Left.Length];
            if (!rule.IsClose(0, random.Weights, random.Scores, [.. Enumerable.Range(0, random.Run)], random.Left, guesses))
            {
                continue;
            }

            promises++;
            double[] estimate = random.Map(k => (k < random.Run ? random.Scores[k] : guesses[k - random.Run]) * random.Weights[k]);
            foreach (Func<int, double> scores in random.Choices(estimate))
            {
                double[] exact = random.Map(k => (k < random.Run ? random.Scores[k] : scores(k)) * random.Weights[k]);
                double worst = exact.Zip(estimate, (a, b) => Math.Abs(a - b)).Max();
                Assert.IsLessThanOrEqualTo(tolerance, worst, $"case {seed}");
            }
        }

        Assert.IsGreaterThan(20, promises, "promises are made");
    }

    [TestMethod]
    public void A_sum_that_is_the_same_everywhere_is_never_close_enough()
    {
        float[] maps = [.. Enumerable.Repeat(1f, 16), .. OnnxModelBuilder.Numbers([16], 3)];
        var rule = new GuaranteedRule(maps, reach: [1, 1], rows: 1, channels: 2, new CornerPixels(4, 4, 8, 8), tolerance: 0.4);
        Assert.IsFalse(rule.IsClose(0, [1, 1], [1, 0], [0], [1], new float[1]));
    }

    [TestMethod]
    public void A_map_that_is_not_finite_is_never_close_enough()
    {
        float[] maps = OnnxModelBuilder.Numbers([32], 3);
        maps[5] = float.NaN;
        var rule = new GuaranteedRule(maps, reach: [1, 1], rows: 1, channels: 2, new CornerPixels(4, 4, 8, 8), tolerance: 0.4);
        Assert.IsFalse(rule.IsClose(0, [1, 0.001f], [1, 0], [0], [1], new float[1]));
    }

    [TestMethod]
    public void Corners_hold_the_highest_and_the_lowest_pixel()
    {
        foreach ((int height, int width, int rows, int columns) in ((int, int, int, int)[])[(4, 4, 8, 8), (3, 5, 17, 23), (7, 2, 7, 2), (9, 8, 4, 5), (1, 6, 9, 9), (13, 13, 224, 224)])
        {
            float[] map = OnnxModelBuilder.Numbers([height, width], height + width);
            double[] pixels = Up(map, height, width, rows, columns);
            float[] corners = new CornerPixels(height, width, rows, columns).Enlarge(map);
            Assert.AreEqual(pixels.Max(), corners.Max(), 1e-6);
            Assert.AreEqual(pixels.Min(), corners.Min(), 1e-6);
        }
    }

    private static double[] Up(ReadOnlySpan<float> map, int height, int width, int rows, int columns)
    {
        double[] up = new double[rows * columns];
        for (int i = 0; i < up.Length; i++)
        {
            double y = Math.Clamp(((i / columns + 0.5) * height / rows) - 0.5, 0, height - 1);
            double x = Math.Clamp(((i % columns + 0.5) * width / columns) - 0.5, 0, width - 1);
            (int top, int left) = ((int)y, (int)x);
            (int below, int right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
            double above = (map[(top * width) + left] * (1 - (x - left))) + (map[(top * width) + right] * (x - left));
            double under = (map[(below * width) + left] * (1 - (x - left))) + (map[(below * width) + right] * (x - left));
            up[i] = (above * (1 - (y - top))) + (under * (y - top));
        }

        return up;
    }

    /// <summary>Maps, weights and scores drawn from a seed; the first channels have been run. Weights fall, as they do in a run.</summary>
    private sealed class Case
    {
        private readonly double[][] _enlarged;
        private readonly SplitMix _random;

        public Case(ulong seed, bool isSigned)
        {
            _random = SplitMix.Of(seed);
            (Height, Width) = (2 + (int)(seed % 4), 2 + (int)(seed / 4 % 4));
            (Rows, Columns) = (Height * (1 + (int)(seed % 5)), Width + (int)(seed % 7));
            Run = 2 + (int)(_random.Uniform() * (Channels - 2));
            double fall = 0.2 + (0.7 * _random.Uniform());
            Maps = [.. Enumerable.Range(0, Channels * Height * Width).Select(_ => (float)(isSigned ? _random.Gaussian() : Math.Max(_random.Gaussian(), 0)))];
            Weights = [.. Enumerable.Range(0, Channels).Select(k => (float)Math.Pow(fall, k))];
            Scores = [.. Enumerable.Range(0, Channels).Select(_ => (float)_random.Uniform())];
            _enlarged = [.. Enumerable.Range(0, Channels).Select(k => Up(Maps.AsSpan(k * Height * Width, Height * Width), Height, Width, Rows, Columns))];
        }

        public int Height { get; }

        public int Width { get; }

        public int Rows { get; }

        public int Columns { get; }

        public int Run { get; }

        public int[] Left => [.. Enumerable.Range(Run, Channels - Run)];

        public float[] Maps { get; }

        public float[] Reach => [.. Maps.Chunk(Height * Width).Select(map => Math.Max(map.Max(), 0) - Math.Min(map.Min(), 0))];

        public float[] Weights { get; }

        public float[] Scores { get; }

        /// <summary>norm(relu(sum of factors times maps)).</summary>
        public double[] Map(Func<int, double> factor)
        {
            double[] sum = [.. Enumerable.Range(0, Rows * Columns).Select(u => Math.Max(0, Enumerable.Range(0, Channels).Sum(k => factor(k) * _enlarged[k][u])))];
            (double least, double most) = (sum.Min(), sum.Max());
            return [.. sum.Select(value => (value - least) / (most - least + Epsilon))];
        }

        /// <summary>Scores that do their worst to one pixel after the other, those drawn, and some at random.</summary>
        public IEnumerable<Func<int, double>> Choices(double[] estimate)
        {
            (int top, int bottom) = (Array.IndexOf(estimate, estimate.Max()), Array.IndexOf(estimate, estimate.Min()));
            for (int u = 0; u < estimate.Length; u++)
            {
                int pixel = u;
                double Lifts(int k) => _enlarged[k][pixel] - (estimate[pixel] * _enlarged[k][top]) - ((1 - estimate[pixel]) * _enlarged[k][bottom]);
                yield return k => Lifts(k) > 0 ? 1 : 0;
                yield return k => Lifts(k) > 0 ? 0 : 1;
            }

            yield return k => Scores[k];
            for (int i = 0; i < 20; i++)
            {
                double[] drawn = [.. Scores.Select(_ => i < 10 ? _random.Uniform() : Math.Round(_random.Uniform()))];
                yield return k => drawn[k];
            }
        }
    }
}
