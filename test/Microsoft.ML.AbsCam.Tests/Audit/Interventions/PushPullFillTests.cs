using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Tests.Audit.Interventions;

[TestClass]
public sealed class PushPullFillTests
{
    private static readonly InputFrame Frame = new(2, 9, 12);

    [TestMethod]
    public void A_hole_in_one_colour_gets_that_colour()
    {
        bool[] hole = Hole();
        float[] picture = [.. Enumerable.Range(0, Frame.Length).Select(i => hole[i % Frame.Pixels] ? 99f : i < Frame.Pixels ? 0.25f : -3f)];
        PushPullFill.Fill(picture, hole, Frame);
        for (int i = 0; i < picture.Length; i++)
        {
            Assert.AreEqual(i < Frame.Pixels ? 0.25f : -3f, picture[i], 1e-6f);
        }
    }

    [TestMethod]
    public void What_is_known_stays_and_what_is_filled_lies_between_its_surroundings()
    {
        bool[] hole = Hole();
        var random = new Random(1);
        float[] before = [.. Enumerable.Range(0, Frame.Length).Select(_ => random.NextSingle())];
        float[] after = [.. before];
        PushPullFill.Fill(after, hole, Frame);
        for (int i = 0; i < after.Length; i++)
        {
            bool isFilled = hole[i % Frame.Pixels];
            Assert.IsTrue(isFilled ? after[i] is >= 0 and <= 1 && after[i] != before[i] : after[i] == before[i]);
        }
    }

    [TestMethod]
    public void A_picture_that_is_all_hole_stays_as_it_is()
    {
        float[] picture = [.. Enumerable.Range(0, Frame.Length).Select(i => (float)i)];
        PushPullFill.Fill(picture, [.. Enumerable.Repeat(true, Frame.Pixels)], Frame);
        Assert.AreEqual(5f, picture[5]);
    }

    private static bool[] Hole() => [.. Enumerable.Range(0, Frame.Pixels).Select(i => i / Frame.Width is > 2 and < 7 && i % Frame.Width is > 4 and < 11)];
}
