using Microsoft.ML.AbsCam.Demo;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Demo;

[TestClass]
public sealed class TwinScenesTests
{
    private const int Small = 96;

    [TestMethod]
    public void A_twin_is_the_same_picture_but_where_it_says()
    {
        for (int classIndex = 0; classIndex < TwinScenes.ClassNames.Count; classIndex++)
        {
            TwinScene scene = TwinScenes.Draw(5, classIndex, Small);
            TwinScene twin = TwinScenes.Draw(5, scene.TwinClassIndex, Small);

            CollectionAssert.AreEqual(scene.Difference.ToArray(), twin.Difference.ToArray(), scene.ClassName);
            for (int i = 0; i < scene.Pixels.Length; i++)
            {
                bool differs = Math.Abs(scene.Pixels.Span[i] - twin.Pixels.Span[i]) > 16;
                Assert.IsTrue(!differs || scene.Difference.Span[i / 4], $"{scene.ClassName} differs at {i / 4 % Small}, {i / 4 / Small}");
            }
        }
    }

    [TestMethod]
    public void The_difference_is_a_small_part_of_the_picture_and_lies_on_the_objects()
    {
        foreach (TwinScene scene in Enumerable.Range(0, 24).Select(seed => TwinScenes.Draw(seed, seed % TwinScenes.ClassNames.Count, Small)))
        {
            bool[] twin = TwinScenes.Draw(scene.Seed, scene.TwinClassIndex, Small).Mask.ToArray();
            int[] there = [.. scene.Difference.ToArray().Select((on, at) => on ? at : -1).Where(at => at >= 0)];
            int onObjects = there.Count(at => scene.Mask.Span[at] || twin[at]);
            Assert.IsTrue(there.Length is > 20 and < Small * Small / 15, $"{scene.ClassName} of seed {scene.Seed}: {there.Length} pixels");
            Assert.IsGreaterThan(0.8 * there.Length, onObjects, $"{scene.ClassName} of seed {scene.Seed}");
        }
    }

    [TestMethod]
    public void Classes_are_each_others_twins()
    {
        for (int classIndex = 0; classIndex < TwinScenes.ClassNames.Count; classIndex++)
        {
            int twin = TwinScenes.TwinOf(classIndex);
            Assert.AreNotEqual(classIndex, twin);
            Assert.AreEqual(classIndex, TwinScenes.TwinOf(twin));
            Assert.AreEqual(TwinScenes.ClassNames[classIndex].Split(" with ")[0], TwinScenes.ClassNames[twin].Split(" with ")[0]);
        }

        CollectionAssert.AllItemsAreUnique(TwinScenes.ClassNames.ToArray());
    }

    [TestMethod]
    public void Held_out_neighbours_are_twins()
    {
        TwinScene[] scenes = [.. TwinScenes.HeldOut(4)];

        Assert.AreEqual(DemoScenes.FirstHeldOutSeed, scenes[0].Seed);
        for (int i = 0; i < scenes.Length; i += 2)
        {
            Assert.AreEqual((scenes[i].Seed, scenes[i].TwinClassIndex), (scenes[i + 1].Seed, scenes[i + 1].ClassIndex));
        }

        using SKBitmap decoded = SKBitmap.Decode(scenes[0].EncodeDifferencePng());
        Assert.AreEqual(scenes[0].Difference.ToArray().Count(on => on), decoded.Pixels.Count(pixel => pixel.Red == 255));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TwinScenes.Draw(1, TwinScenes.ClassNames.Count, Small));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TwinScenes.Draw(1, 0, 31));
    }
}
