using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Strategies;

namespace Microsoft.ML.AbsCam.Tests.Audit.Strategies;

[TestClass]
public sealed class ClassStrategiesTests
{
    private const int Features = 5;

    [TestMethod]
    public void Two_groups_are_found_with_their_sizes_and_one_cloud_is_not_split()
    {
        var random = new Random(3);
        float noise() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        EvidenceRow[] rows = [.. Enumerable.Range(0, 120).Select(i =>
        {
            // Class 0: a third of the rows lie far off. Class 1: one cloud.
            int of = i % 2;
            float far = of == 0 && i % 3 == 0 ? 6 : 0;
            return new EvidenceRow(i, of, of, 0.9f, of, [1, 0, 0, 0]) { Features = [.. Enumerable.Range(0, Features).Select(_ => noise() + far)] };
        })];
        var tested = new List<string>();
        AuditFinding finding = new ClassStrategies(new EvidenceTable(rows, new Dictionary<string, int>(), 2, 2, 2, ["split", "whole"]), 0.05, 1).Find(tested).Single();
        Assert.AreEqual((AuditFindingKind.Strategies, "split"), (finding.Kind, finding.ClassName));
        StringAssert.Contains(finding.Sentence, "40 of 60 pictures");
        StringAssert.Contains(finding.Sentence, "20 of 60 pictures");
        StringAssert.Contains(finding.Sentence, "100 % right");
    }
}
