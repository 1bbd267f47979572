using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>The Gini index of maps, by hand and by the mean difference of all pairs.</summary>
[TestClass]
public sealed class SparsenessTests
{
    private const int Count = TinyNetwork.Pixels;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void One_pixel_that_holds_everything_is_as_sparse_as_a_map_can_be()
        => Assert.AreEqual((Count - 1.0) / Count, Of([.. Enumerable.Range(0, Count).Select(i => i == 40 ? 1f : 0f)]), 1e-12);

    [TestMethod]
    public void A_slope_has_about_a_third()
        => Assert.AreEqual((Count + 1) / (3.0 * Count), Of([.. Enumerable.Range(0, Count).Select(i => (Count - 1 - i) / (Count - 1f))]), 1e-6);

    [TestMethod]
    public void Half_of_the_pixels_alike_and_the_others_nothing_is_a_half()
        => Assert.AreEqual(0.5, Of([.. Enumerable.Range(0, Count).Select(i => i % 2 == 0 ? 0.7f : 0f)]), 1e-6);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void It_is_the_mean_difference_of_all_pairs_over_twice_the_mean(int seed)
    {
        float[] map = OnnxModelBuilder.Numbers([Count], seed);
        double[] sizes = [.. map.Select(value => Math.Abs((double)value))];
        double difference = sizes.Average(a => sizes.Average(b => Math.Abs(a - b)));
        Assert.AreEqual(difference / (2 * sizes.Average()), Of(map), 1e-9);
        Assert.AreEqual(Of(map), Of([.. map.Select(value => -5 * value)]), 1e-6, "neither scale nor sign counts");
    }

    private double Of(float[] map)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        MeasureRow row = MeasureRow.Of(0);
        row.Saliency = map;
        SaliencyRowMetrics measured = _context.Saliency.EvaluateRows(MeasureRow.View(_context, [row], TinyNetwork.Side, TinyNetwork.Side), network, MeasureRow.Options(SaliencyMeasure.Sparseness)).Single();
        Assert.AreEqual(1, measured.Forwards);
        return measured.Values[0].Value;
    }
}
