using Microsoft.ML.AbsCam.Measures;

namespace Microsoft.ML.AbsCam.Tests.Measures;

[TestClass]
public sealed class BootstrapTests
{
    private static readonly Bootstrap.Statistic Mean = SaliencyMeasure.AverageDrop.Summarise;

    [TestMethod]
    public void The_interval_is_that_of_a_plain_implementation_with_the_same_draws()
    {
        double[] values = Values(23, 5);
        int[] classes = [.. Enumerable.Range(0, values.Length).Select(i => i % 3)];
        foreach (Bootstrap.Statistic statistic in (Bootstrap.Statistic[])[Mean, SaliencyMeasure.PointingGame().Summarise])
        {
            var random = new Random(7);
            var means = new List<double>();
            for (int sample = 0; sample < 1000; sample++)
            {
                int[] drawn = [.. values.Select(_ => random.Next(values.Length))];
                means.Add(statistic == Mean
                    ? drawn.Average(row => values[row])
                    : drawn.GroupBy(row => classes[row]).Average(group => group.Average(row => values[row])));
            }

            means.Sort();

            // The 2.5th and 97.5th percentiles of a thousand, linear between ranks 24.975 and 974.025.
            (double lower, double upper) = Bootstrap.Interval(values, classes, statistic, 7);
            Assert.AreEqual((0.025 * means[24]) + (0.975 * means[25]), lower, 1e-12);
            Assert.AreEqual((0.975 * means[974]) + (0.025 * means[975]), upper, 1e-12);
        }
    }

    [TestMethod]
    public void Of_many_rows_it_is_nearly_the_normal_interval()
    {
        double[] values = Values(2000, 6);
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / values.Length);
        (double lower, double upper) = Bootstrap.Interval(values, new int[values.Length], Mean, 1);
        Assert.AreEqual(mean - (1.96 * error), lower, 0.15 * error);
        Assert.AreEqual(mean + (1.96 * error), upper, 0.15 * error);
    }

    [TestMethod]
    public void It_holds_the_true_mean_in_about_95_of_100_data_sets()
    {
        int held = Enumerable.Range(0, 200).Count(number =>
        {
            (double lower, double upper) = Bootstrap.Interval(Values(40, 1000 + number), new int[40], Mean, number);
            return lower <= 0.5 && upper >= 0.5;
        });
        Assert.IsTrue(held is >= 180 and <= 199, $"{held} of 200");
    }

    [TestMethod]
    public void Rows_that_are_all_alike_leave_no_doubt()
        => Assert.AreEqual((0.25, 0.25), Bootstrap.Interval([0.25, 0.25, 0.25, 0.25, 0.25], [0, 1, 2, 3, 4], Mean, 3));

    [TestMethod]
    public void Fewer_than_five_rows_have_no_interval()
    {
        Assert.AreEqual((double.NaN, double.NaN), Bootstrap.Interval([0.4], [9], Mean, 3), "a single row would look certain");
        Assert.AreEqual((double.NaN, double.NaN), Bootstrap.Interval([0.1, 0.2, 0.3, 0.4], [0, 0, 0, 0], Mean, 3));
        (double lower, double upper) = Bootstrap.Interval([0.1, 0.2, 0.3, 0.4, 0.5], [0, 0, 0, 0, 0], Mean, 3);
        Assert.IsTrue(lower < 0.3 && upper > 0.3);
    }

    [TestMethod]
    public void The_seed_decides()
    {
        double[] values = Values(30, 8);
        int[] classes = new int[30];
        Assert.AreEqual(Bootstrap.Interval(values, classes, Mean, 4), Bootstrap.Interval(values, classes, Mean, 4));
        Assert.AreNotEqual(Bootstrap.Interval(values, classes, Mean, 4), Bootstrap.Interval(values, classes, Mean, 5));
    }

    private static double[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
    }
}
