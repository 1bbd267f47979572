using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Tests.Audit.Statistics;

[TestClass]
public sealed class PowerTests
{
    [TestMethod]
    [DataRow(0.975, 1.959964)]
    [DataRow(0.8, 0.841621)]
    [DataRow(0.05, -1.644854)]
    public void Quantiles_are_those_of_the_tables(double probability, double quantile) => Assert.AreEqual(quantile, Power.Quantile(probability), 1e-5);

    [TestMethod]
    public void The_least_difference_is_found_in_four_samples_of_five()
    {
        var random = new Random(1);
        double[] noise(double mean) => [.. Enumerable.Range(0, 40).Select(_ => mean + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
        double least = Power.LeastDifference(noise(0), 0.05);
        int found = Enumerable.Range(0, 1000).Count(_ => SignedRank.Greater(noise(least)) <= 0.05);

        // The deviation is that of one sample of 40, so the share is near to four of five and not on it.
        Assert.IsTrue(found is > 650 and < 920, $"{found} of 1000");
    }
}
