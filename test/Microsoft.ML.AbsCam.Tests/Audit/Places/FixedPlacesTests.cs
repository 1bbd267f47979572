using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Tests.Audit.Places;

[TestClass]
public sealed class FixedPlacesTests
{
    private const int Side = 6;

    [TestMethod]
    public void Heat_of_a_fifth_of_a_class_in_a_corner_is_what_is_found_first()
    {
        EvidenceTable table = Table(300, (row, classIndex) => classIndex == 1 && row % 5 == 0 ? 35 : null);
        PlaceSuspect suspect = FixedPlaces.Of(table, seed: 1, level: 0.05)!.Suspects()[0];
        Assert.AreEqual((1, 0.001), (suspect.Class, suspect.PValue));
        Assert.AreEqual("35", string.Join(", ", Enumerable.Range(0, Side * Side).Where(cell => suspect.Cells[cell])));
        Assert.AreEqual(table.Rows.Count(row => row.Class == 1 && row.Heat[35] >= HotCells.Threshold), suspect.Rows.Count);
        Assert.IsTrue(suspect.Share > 0.2 && suspect.ShareElsewhere < 0.1);
    }

    [TestMethod]
    public void Where_heat_is_dealt_by_chance_the_level_is_kept()
    {
        int alarms = Enumerable.Range(0, 20).Count(seed => FixedPlaces.Of(Table(90, (_, _) => null, seed), seed, level: 0.05)!.Suspects().Count > 0);
        Assert.IsLessThanOrEqualTo(4, alarms);
    }

    [TestMethod]
    public void One_class_alone_has_nothing_to_be_compared_with()
        => Assert.IsNull(FixedPlaces.Of(Table(30, (_, _) => null) with { Rows = [.. Table(30, (_, _) => null).Rows.Where(row => row.Class == 0)] }, 1, 0.05));

    // Three classes in turn; each row is hot at one place by chance, and where it is told to be.
    private static EvidenceTable Table(int rows, Func<int, int, int?> more, int seed = 1)
    {
        var random = new Random(seed);
        return new EvidenceTable([.. Enumerable.Range(0, rows).Select(i =>
        {
            float[] heat = new float[Side * Side];
            heat[random.Next(heat.Length)] = 1;
            if (more(i / 3, i % 3) is int cell)
            {
                heat[cell] = 1;
            }

            return new EvidenceRow(i, i % 3, i % 3, 0.9f, -1, heat);
        })], new Dictionary<string, int>(), Side, Side, 3, null);
    }
}
