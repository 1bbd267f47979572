using Microsoft.ML.AbsCam.Measures.Similarity;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

[TestClass]
public sealed class SimilarityTests
{
    // Both sides compute in double; only the order of sums differs.
    private const double Tolerance = 1e-9;

    // Ranks are exact in float, and correlated in double.
    private const double RankTolerance = 1e-12;

    [TestMethod]
    public void Ranks_of_equal_values_are_their_mean()
    {
        float[] ranks = [4, 0.5f, 2.5f, 0.5f, 2.5f];

        CollectionAssert.AreEqual(ranks, RankCorrelation.RanksOf([9, -1, 3, -1, 3]));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Rank_correlation_is_that_of_counted_ranks(int seed)
    {
        // A third of the values are equal, as on maps that a ReLU cut.
        float[] a = [.. Map(seed, 20, 17).Select(value => Math.Max(value, 0.3f))];
        float[] b = [.. Map(seed + 10, 20, 17).Zip(a, (own, other) => MathF.Round((own + other) * 8))];
        double[] ranksA = Counted(a);
        double[] ranksB = Counted(b);
        double products = ranksA.Zip(ranksB, (x, y) => (x - ranksA.Average()) * (y - ranksB.Average())).Sum();
        double expected = products / Math.Sqrt(ranksA.Sum(x => Math.Pow(x - ranksA.Average(), 2)) * ranksB.Sum(y => Math.Pow(y - ranksB.Average(), 2)));

        Assert.AreEqual(expected, RankCorrelation.Of(RankCorrelation.RanksOf(a), RankCorrelation.RanksOf(b)), RankTolerance);
    }

    [TestMethod]
    public void Rank_correlation_sees_order_and_nothing_else()
    {
        float[] map = Map(3, 8, 8);
        float[] ranks = RankCorrelation.RanksOf(map);

        Assert.AreEqual(1, RankCorrelation.Of(ranks, RankCorrelation.RanksOf([.. map.Select(value => MathF.Exp(5 * value))])), RankTolerance);
        Assert.AreEqual(-1, RankCorrelation.Of(ranks, RankCorrelation.RanksOf([.. map.Select(value => -value)])), RankTolerance);
        Assert.AreEqual(double.NaN, RankCorrelation.Of(ranks, RankCorrelation.RanksOf(new float[64])));
    }

    [TestMethod]
    [DataRow(16, 13)]
    [DataRow(11, 11)]
    [DataRow(8, 8)]
    [DataRow(5, 30)]
    [DataRow(1, 1)]
    public void Structural_similarity_is_that_of_every_window_by_itself(int height, int width)
    {
        float[] a = Map(4, height, width);
        float[] b = [.. Map(5, height, width).Zip(a, (own, other) => (0.3f * own) + (0.7f * other))];
        int size = Math.Min(11, Math.Min(height, width));
        size -= size % 2 == 0 ? 1 : 0;
        List<double> windows = [];
        for (int top = 0; top + size <= height; top++)
        {
            for (int left = 0; left + size <= width; left++)
            {
                windows.Add(OfWindow(a, b, width, top, left, size));
            }
        }

        Assert.AreEqual(windows.Average(), StructuralSimilarity.Of(a, b, height, width), Tolerance);
    }

    [TestMethod]
    public void A_map_is_as_similar_to_itself_as_can_be()
    {
        float[] map = Map(6, 20, 20);

        Assert.AreEqual(1, StructuralSimilarity.Of(map, map, 20, 20), Tolerance);
    }

    private static float[] Map(int seed, int height, int width) => [.. OnnxModelBuilder.Numbers([height, width], seed).Select(Math.Abs)];

    private static double[] Counted(float[] values) => [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];

    /// <summary>SSIM of one window as the paper writes it: weighted means, variances about them, and the covariance.</summary>
    private static double OfWindow(float[] a, float[] b, int width, int top, int left, int size)
    {
        (double Weight, double A, double B)[] pixels = [.. Enumerable.Range(0, size * size).Select(i =>
        {
            (int y, int x) = (i / size, i % size);
            double distance = Math.Pow(y - (size / 2), 2) + Math.Pow(x - (size / 2), 2);
            int at = ((top + y) * width) + left + x;
            return (Math.Exp(-distance / 4.5), (double)a[at], (double)b[at]);
        })];
        double total = pixels.Sum(pixel => pixel.Weight);
        double mean(Func<(double Weight, double A, double B), double> value) => pixels.Sum(pixel => pixel.Weight * value(pixel)) / total;
        (double meanA, double meanB) = (mean(pixel => pixel.A), mean(pixel => pixel.B));
        double varianceA = mean(pixel => Math.Pow(pixel.A - meanA, 2));
        double varianceB = mean(pixel => Math.Pow(pixel.B - meanB, 2));
        double covariance = mean(pixel => (pixel.A - meanA) * (pixel.B - meanB));
        return ((2 * meanA * meanB) + 0.0001) * ((2 * covariance) + 0.0009) / (((meanA * meanA) + (meanB * meanB) + 0.0001) * (varianceA + varianceB + 0.0009));
    }
}
