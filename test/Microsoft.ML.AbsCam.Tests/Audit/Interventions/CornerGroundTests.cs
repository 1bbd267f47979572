using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Tests.Audit.Interventions;

/// <summary>Pictures of one corner of another.</summary>
[TestClass]
public sealed class CornerGroundTests
{
    [TestMethod]
    public void A_corner_is_mirrored_over_the_whole_picture()
    {
        float[] picture = [.. Enumerable.Range(0, 8 * 8).Select(i => (float)i)];
        float[] first = CornerGround.Of(picture, 0, new InputFrame(1, 8, 8));
        CollectionAssert.AreEqual((float[])[0, 1, 1, 0, 0, 1, 1, 0], first[..8]);
        CollectionAssert.AreEqual((float[])[8, 9, 9, 8, 8, 9, 9, 8], first[16..24]);
        float[] last = CornerGround.Of(picture, 3, new InputFrame(1, 8, 8));
        CollectionAssert.AreEquivalent((float[])[54, 55, 62, 63], last.Distinct().ToArray());
        Assert.AreEqual(63, last[0]);
    }

    [TestMethod]
    public void Planes_stay_apart()
    {
        float[] picture = [.. Enumerable.Repeat(1f, 16), .. Enumerable.Repeat(2f, 16)];
        CollectionAssert.AreEqual(picture, CornerGround.Of(picture, 2, new InputFrame(2, 4, 4)));
    }
}
