using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Experiments;

namespace Microsoft.ML.AbsCam.Tests.Audit.Experiments;

[TestClass]
public sealed class FewDonorsTests
{
    private const int Count = 60;

    [TestMethod]
    public void Three_pictures_of_a_class_far_above_all_others_are_a_group_and_how_likely_it_is_by_chance_is_counted_out()
    {
        FewDonors group = Groups((9, 0.9f), (12, 0.8f), (30, 0.95f)).Single();
        Assert.AreEqual(0, group.Class);
        CollectionAssert.AreEqual((int[])[30, 9, 12], group.Donors);
        Assert.AreEqual((0.8, 0.3), (Math.Round(group.Least, 6), Math.Round(group.Next, 6)));

        // Three of twenty, of all ways to draw three of sixty; three classes could have been those.
        Assert.AreEqual(3 * (20.0 * 19 * 18) / (60.0 * 59 * 58), group.PValue, 1e-12);
    }

    [TestMethod]
    public void A_picture_of_another_class_that_does_as_much_leaves_no_group() => Assert.IsEmpty(Groups((9, 0.9f), (10, 0.92f), (12, 0.8f)));

    [TestMethod]
    public void One_picture_is_odd_in_its_own_way() => Assert.IsEmpty(Groups((9, 0.9f)));

    [TestMethod]
    public void Pictures_that_do_a_little_more_than_others_are_no_group() => Assert.IsEmpty(Groups((9, 0.45f), (12, 0.45f)));

    [TestMethod]
    public void Of_more_pictures_than_a_few_their_number_is_left_to_say() => Assert.IsEmpty(Groups([.. Enumerable.Range(0, FewDonors.MostCount + 1).Select(i => (3 * i, 0.9f))]));

    // Three classes in turn; what pictures do for class 0 is up to 0.3 but for these.
    private static FewDonors[] Groups(params (int Donor, float Effect)[] strong)
    {
        EvidenceRow[] rows = [.. Enumerable.Range(0, Count).Select(i => new EvidenceRow(i, i % 3, i % 3, 0.9f, -1, []))];
        float[][] effects = [.. rows.Select((_, i) => new float[] { 0.3f * i / (Count - 1), 0, 0 })];
        foreach ((int donor, float effect) in strong)
        {
            effects[donor][0] = effect;
        }

        return [.. FewDonors.Of(rows, effects)];
    }
}
