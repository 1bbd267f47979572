using Microsoft.ML.AbsCam.Audit.Statistics;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Audit.Statistics;

[TestClass]
public sealed class HolmTests
{
    [TestMethod]
    public void The_least_value_counts_as_often_as_there_are_tests_and_none_after_it_falls_below()
        => Close.AreClose([0.04f, 0.03f, 0.06f, 0.9f, 0.06f], [.. Holm.Adjust([0.01, 0.006, 0.02, 0.9, 0.025]).Select(value => (float)value)], 1e-7, "by hand: 4 x .01, 5 x .006, 3 x .02, .9, max(.06, 2 x .025)");

    [TestMethod]
    public void Nothing_is_more_than_certain() => Assert.AreEqual("1, 1", string.Join(", ", Holm.Adjust([0.7, 0.8])));
}
