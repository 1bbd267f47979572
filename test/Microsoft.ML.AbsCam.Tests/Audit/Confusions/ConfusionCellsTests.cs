using System.Numerics;
using Microsoft.ML.AbsCam.Audit.Confusions;
using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Tests.Audit.Confusions;

[TestClass]
public sealed class ConfusionCellsTests
{
    [TestMethod]
    [DataRow(600, 1200)]
    [DataRow(660, 1200)]
    [DataRow(1500, 3000)]
    public void The_tail_of_thousands_of_tries_is_counted_in_whole_numbers(int successes, int tries)
    {
        BigInteger ways = 1;
        BigInteger counted = 0;
        for (int k = 0; k <= tries; k++)
        {
            counted += k < successes ? 0 : ways;
            ways = ways * (tries - k) / (k + 1);
        }

        double expected = Math.Exp(BigInteger.Log(counted) - (tries * Math.Log(2)));
        Assert.AreEqual(expected, ConfusionCells.Tail(successes, tries, 0.5), 1e-9 * expected);
    }

    [TestMethod]
    [DataRow(3, 5, 0.25)]
    [DataRow(5, 5, 0.5)]
    [DataRow(0, 5, 0.25)]
    public void The_tail_is_that_of_all_outcomes_counted_out(int successes, int tries, double probability)
    {
        double counted = Enumerable.Range(0, 1 << tries).Where(outcome => int.PopCount(outcome) >= successes)
            .Sum(outcome => Math.Pow(probability, int.PopCount(outcome)) * Math.Pow(1 - probability, tries - int.PopCount(outcome)));
        Assert.AreEqual(counted, ConfusionCells.Tail(successes, tries, probability), 1e-12);
    }

    [TestMethod]
    public void A_cell_that_takes_most_of_a_classs_mistakes_is_told_with_its_surest_rows_first()
    {
        // Of class 0, nine of ten mistakes are class 3; of class 1, mistakes go round.
        EvidenceRow[] rows =
        [
            .. Enumerable.Range(0, 30).Select(i => Row(i, truth: 0, predicted: i < 9 ? 3 : i < 10 ? 2 : 0, probability: 0.5f + (i / 100f))),
            .. Enumerable.Range(30, 30).Select(i => Row(i, truth: 1, predicted: i < 36 ? i % 3 == 1 ? 0 : 2 + (i % 2) : 1, probability: 0.6f)),
        ];
        var tested = new List<string>();
        (AuditFinding finding, int truth, EvidenceRow[] cell) = new ConfusionCells(new EvidenceTable(rows, new Dictionary<string, int>(), 1, 1, 4, ["a", "b", "c", "d"]), 0.05).Find(tested).Single();
        Assert.AreEqual((AuditFindingKind.Confusion, "d", 0), (finding.Kind, finding.ClassName, truth));
        StringAssert.Contains(finding.Sentence, "9 of 30 pictures of 'a' are taken for 'd', of 10 of its mistakes");
        Assert.AreEqual(8L, cell[0].Position);
        Assert.HasCount(1, tested);
    }

    private static EvidenceRow Row(long position, int truth, int predicted, float probability) => new(position, predicted, predicted, probability, truth, [1]);
}
