using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Tests.Audit.Statistics;

[TestClass]
public sealed class SignedRankTests
{
    [TestMethod]
    [DataRow(new[] { 0.3, 0.1, 0.7, -0.2, 0.5, 0.4, -0.6 })]
    [DataRow(new[] { 0.5, 0.5, -0.5, 0.25, 0.0, 0.75, 0.25, -0.25 })]
    [DataRow(new[] { -1.0, -2.0, -3.0 })]
    public void The_value_is_that_of_all_signs_counted_out(double[] differences) => Assert.AreEqual(CountedOut(differences), SignedRank.Greater(differences), 1e-12);

    [TestMethod]
    public void Without_any_difference_nothing_is_shown() => Assert.AreEqual(1, SignedRank.Greater([0, 0]));

    [TestMethod]
    public void Many_pictures_are_counted_exactly_too()
        => Assert.AreEqual(Math.Pow(0.5, 64), SignedRank.Greater(Enumerable.Range(1, 64).Select(i => i / 64.0)), 1e-30);

    /// <summary>Every way to give the absolute differences signs, and the share with a rank sum at least as large.</summary>
    private static double CountedOut(double[] differences)
    {
        double[] own = [.. differences.Where(value => value != 0)];
        double[] ranks = [.. own.Select(value => own.Count(other => Math.Abs(other) < Math.Abs(value)) + ((own.Count(other => Math.Abs(other) == Math.Abs(value)) + 1) / 2.0))];
        double observed = ranks.Where((_, i) => own[i] > 0).Sum();
        int asLarge = Enumerable.Range(0, 1 << own.Length).Count(signs => ranks.Where((_, i) => (signs >> i & 1) == 1).Sum() >= observed);
        return asLarge / (double)(1 << own.Length);
    }
}
