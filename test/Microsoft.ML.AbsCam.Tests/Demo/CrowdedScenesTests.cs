using Microsoft.ML.AbsCam.Demo;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Demo;

[TestClass]
public sealed class CrowdedScenesTests
{
    private const int Small = 64;

    [TestMethod]
    public void The_same_seed_draws_the_same_crowd()
    {
        CrowdedScene first = CrowdedScenes.Draw(7, Small);
        CrowdedScene second = CrowdedScenes.Draw(7, Small);

        CollectionAssert.AreEqual(first.Pixels.ToArray(), second.Pixels.ToArray());
        CollectionAssert.AreEqual(first.Places.ToArray(), second.Places.ToArray());
        CollectionAssert.AreEqual(first.Objects.ToArray(), second.Objects.ToArray());
        CollectionAssert.AreNotEqual(first.Pixels.ToArray(), CrowdedScenes.Draw(8, Small).Pixels.ToArray());
    }

    [TestMethod]
    public void There_are_two_to_five_objects_of_every_class_and_most_of_each_is_seen()
    {
        var (counts, classes) = (new HashSet<int>(), new HashSet<int>());
        foreach (CrowdedScene scene in Enumerable.Range(0, 60).Select(seed => CrowdedScenes.Draw(seed, Small)))
        {
            counts.Add(scene.Objects.Count);
            for (int i = 0; i < scene.Objects.Count; i++)
            {
                classes.Add(scene.Objects[i].ClassIndex);
                int seen = scene.MaskOf(i).Count(on => on);
                double share = seen / (double)(scene.Objects[i].Width * scene.Objects[i].Height);
                Assert.IsTrue(share is > 0.2 and <= 1, $"object {i} of seed {scene.Seed} fills {share:P1} of its box");
                Assert.IsGreaterThan(30, seen, $"object {i} of seed {scene.Seed}");
            }
        }

        CollectionAssert.AreEquivalent((int[])[2, 3, 4, 5], counts.ToArray());
        Assert.HasCount(DemoNetwork.Classes.Count, classes);
    }

    [TestMethod]
    public void A_box_is_the_smallest_around_what_is_seen()
    {
        CrowdedScene scene = CrowdedScenes.Draw(4, Small);
        for (int i = 0; i < scene.Objects.Count; i++)
        {
            CrowdedObject thing = scene.Objects[i];
            int[] seen = [.. scene.MaskOf(i).Select((on, at) => on ? at : -1).Where(at => at >= 0)];
            Assert.AreEqual((seen.Min(at => at % Small), seen.Min(at => at / Small)), (thing.Left, thing.Top));
            Assert.AreEqual((seen.Max(at => at % Small), seen.Max(at => at / Small)), (thing.Left + thing.Width - 1, thing.Top + thing.Height - 1));
        }
    }

    [TestMethod]
    public void The_masks_of_a_class_are_those_of_its_objects()
    {
        CrowdedScene scene = Enumerable.Range(0, 40).Select(seed => CrowdedScenes.Draw(seed, Small))
            .First(candidate => candidate.Objects.GroupBy(thing => thing.ClassIndex).Any(group => group.Count() > 1));
        int classIndex = scene.Objects.GroupBy(thing => thing.ClassIndex).First(group => group.Count() > 1).Key;
        bool[][] masks = [.. Enumerable.Range(0, scene.Objects.Count).Where(i => scene.Objects[i].ClassIndex == classIndex).Select(scene.MaskOf)];

        CollectionAssert.AreEqual(Enumerable.Range(0, Small * Small).Select(at => masks.Any(mask => mask[at])).ToArray(), scene.MaskOfClass(classIndex));
        using SKBitmap decoded = SKBitmap.Decode(scene.EncodeMaskPng(0));
        Assert.AreEqual(scene.MaskOf(0).Count(on => on), decoded.Pixels.Count(pixel => pixel.Red == 255));
    }

    [TestMethod]
    public void Held_out_crowds_leave_training_seeds_alone()
    {
        CrowdedScene scene = CrowdedScenes.HeldOut(1).Single();

        Assert.AreEqual(DemoScenes.FirstHeldOutSeed, scene.Seed);
        Assert.AreEqual(320, scene.Size);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CrowdedScenes.Draw(1, 31));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scene.MaskOf(scene.Objects.Count));
    }
}
