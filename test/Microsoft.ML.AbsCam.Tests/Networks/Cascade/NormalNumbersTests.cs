using Microsoft.ML.AbsCam.Networks.Cascade;

namespace Microsoft.ML.AbsCam.Tests.Networks.Cascade;

[TestClass]
public sealed class NormalNumbersTests
{
    private const int Count = 100_001;

    [TestMethod]
    public void Numbers_have_mean_zero_the_trained_deviation_and_the_bell_s_shares()
    {
        // Of 100001 numbers, the mean strays by deviation / 316 and the deviation by 1 / 450 of itself; five times that is allowed.
        float[] values = [.. Enumerable.Range(0, Count).Select(i => 7 + (i % 2 == 0 ? 0.3f : -0.3f))];
        new NormalNumbers(1, 0).Replace(values);
        double mean = values.Average();

        Assert.AreEqual(0, mean, 0.3 * 5 / 316);
        Assert.AreEqual(0.3, Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2))), 0.3 * 5 / 450);
        Assert.AreEqual(0.6827, values.Count(value => Math.Abs(value) < 0.3) / (double)Count, 0.01);
        Assert.AreEqual(0.9545, values.Count(value => Math.Abs(value) < 0.6) / (double)Count, 0.01);
    }

    [TestMethod]
    public void Each_seed_and_stream_has_its_own_numbers_and_always_the_same()
    {
        float[][] drawn = [Draw(1, 0), Draw(1, 1), Draw(2, 0), Draw(0, 1), Draw(1, 0)];

        CollectionAssert.AreEqual(drawn[0], drawn[4]);
        Assert.AreEqual(4, drawn.Select(values => values[0]).Distinct().Count());
    }

    [TestMethod]
    public void A_constant_tensor_becomes_zero()
    {
        float[] values = [0.5f, 0.5f, 0.5f];
        new NormalNumbers(1, 0).Replace(values);

        CollectionAssert.AreEqual(new float[3], values);
    }

    private static float[] Draw(int seed, int stream)
    {
        float[] values = [-1, 0, 1, 2, 3];
        new NormalNumbers(seed, stream).Replace(values);
        return values;
    }
}
