using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Tests.Audit.Places;

[TestClass]
public sealed class ConstantLookTests
{
    private static readonly InputFrame Frame = new(3, 12, 12);

    [TestMethod]
    public void A_mark_that_half_of_the_pictures_have_is_found_with_its_own_pixels()
    {
        bool[] mark = [.. Enumerable.Range(0, Frame.Pixels).Select(i => i / 12 is >= 6 and < 11 && i % 12 is >= 6 and < 11)];
        bool[] place = [.. Enumerable.Range(0, Frame.Pixels).Select(i => i / 12 >= 5 && i % 12 >= 5)];
        float[][] own = [.. Pictures(1, 24).Select((picture, i) => i % 2 == 0 ? Marked(picture, mark) : picture)];
        ConstantLook look = ConstantLook.Of(own, Pictures(2, 40), place, Frame, new Random(1))!;
        Assert.AreEqual(0.01, look.PValue, 1e-9);
        Assert.IsGreaterThan(0.8, mark.Zip(look.Pixels).Count(pair => pair.First && pair.Second) / (double)mark.Zip(look.Pixels).Count(pair => pair.First || pair.Second));
        Assert.IsTrue(look.IsIn(Marked(Pictures(3, 1)[0], mark), Frame));
        Assert.IsFalse(look.IsIn(Pictures(3, 1)[0], Frame));
    }

    [TestMethod]
    public void Pictures_that_have_nothing_in_common_have_no_one_look()
    {
        ConstantLook look = ConstantLook.Of(Pictures(1, 24), Pictures(2, 40), [.. Enumerable.Repeat(true, Frame.Pixels)], Frame, new Random(1))!;
        Assert.IsGreaterThan(0.05, look.PValue);
    }

    [TestMethod]
    public void Of_a_few_pictures_nothing_is_said() => Assert.IsNull(ConstantLook.Of(Pictures(1, 2), Pictures(2, 40), new bool[Frame.Pixels], Frame, new Random(1)));

    private static float[][] Pictures(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Frame.Length).Select(_ => random.NextSingle()).ToArray())];
    }

    private static float[] Marked(float[] picture, bool[] mark) => [.. picture.Select((value, i) => mark[i % Frame.Pixels] ? 0.2f + (0.1f * (i % 5)) : value)];
}
