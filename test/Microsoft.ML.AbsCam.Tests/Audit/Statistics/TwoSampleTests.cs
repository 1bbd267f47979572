using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Tests.Audit.Statistics;

/// <summary>Tests of two samples, beside sums over all that could have been.</summary>
[TestClass]
public sealed class TwoSampleTests
{
    [TestMethod]
    [DataRow(0, 0, 1.0)]
    [DataRow(5, 0, 0.0625)]
    [DataRow(1, 9, 0.021484375)]
    [DataRow(3, 3, 1.0)]
    public void Signs_are_as_likely_as_all_throws_of_coins_say(int one, int other, double expected)
    {
        Assert.AreEqual(expected, SignTest.TwoSided(one, other), 1e-12);
        Assert.AreEqual(expected, SignTest.TwoSided(other, one), 1e-12);
    }

    [TestMethod]
    public void Thousands_of_signs_do_not_underflow() =>

        // Four deviations: the normal tail at 3.98, with the continuity of the count.
        Assert.AreEqual(6.9e-5, SignTest.TwoSided(2600, 2318), 1e-5);

    [TestMethod]
    public void A_rank_sum_is_that_of_all_ways_to_draw_the_sample()
    {
        double[] values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        double[] sample = [1, 2, 4, 5, 8];
        double exact = Share(values, sample.Length, sample.Sum());
        Assert.AreEqual(exact, RankSum.Less(sample, [.. values.Except(sample)]), 0.01);
        Assert.AreEqual(1, RankSum.Less([3, 3], [3, 3, 3]));
        Assert.AreEqual(1, RankSum.Less([], [1]));
    }

    [TestMethod]
    public void Many_differences_are_tested_as_few_are()
    {
        // Above the bound by the normal distribution, at it by counting.
        double[] few = [.. Enumerable.Range(1, 256).Select(i => i % 5 < 2 ? -(double)i : i)];
        double[] many = [.. few, 0.5];
        Assert.AreEqual(SignedRank.Greater(few), SignedRank.Greater(many), 2e-4);
        Assert.AreEqual(SignedRank.TwoSided(many), SignedRank.TwoSided([.. many.Select(value => -value)]), 1e-12);
        Assert.AreEqual(1, SignedRank.TwoSided([0, 0, 0]));
    }

    /// <summary>Of all ways to draw so many values, the share whose sum is at most this.</summary>
    private static double Share(double[] values, int count, double most)
    {
        double[][] draws = [.. Enumerable.Range(0, 1 << values.Length).Where(bits => System.Numerics.BitOperations.PopCount((uint)bits) == count).Select(bits => values.Where((_, i) => (bits >> i & 1) == 1).ToArray())];
        return draws.Count(draw => draw.Sum() <= most) / (double)draws.Length;
    }
}
