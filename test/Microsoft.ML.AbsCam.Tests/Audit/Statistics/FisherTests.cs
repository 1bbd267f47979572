using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Tests.Audit.Statistics;

[TestClass]
public sealed class FisherTests
{
    [TestMethod]
    [DataRow(3, 4, 5, 9)]
    [DataRow(0, 4, 5, 9)]
    [DataRow(4, 4, 5, 9)]
    public void The_value_is_that_of_all_draws_counted_out(int found, int drawn, int marked, int all)
    {
        int[] draws = [.. Enumerable.Range(0, 1 << all).Where(draw => int.PopCount(draw) == drawn)];
        double counted = draws.Count(draw => int.PopCount(draw & ((1 << marked) - 1)) >= found) / (double)draws.Length;
        Assert.AreEqual(counted, Fisher.Greater(found, drawn, marked, all), 1e-12);
    }
}
