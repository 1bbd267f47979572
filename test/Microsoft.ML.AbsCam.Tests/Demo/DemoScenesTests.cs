using Microsoft.ML.AbsCam.Demo;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Demo;

[TestClass]
public sealed class DemoScenesTests
{
    private const int Small = 64;

    [TestMethod]
    public void The_same_seed_draws_the_same_scene()
    {
        var first = DemoScenes.Draw(7, 3, Small);
        var second = DemoScenes.Draw(7, 3, Small);

        CollectionAssert.AreEqual(first.Pixels.ToArray(), second.Pixels.ToArray());
        CollectionAssert.AreEqual(first.Mask.ToArray(), second.Mask.ToArray());
    }

    [TestMethod]
    public void Another_seed_draws_another_scene()
    {
        CollectionAssert.AreNotEqual(DemoScenes.Draw(7, 3, Small).Pixels.ToArray(), DemoScenes.Draw(8, 3, Small).Pixels.ToArray());
    }

    [TestMethod]
    public void One_seed_gives_every_class_the_same_ground()
    {
        var butterfly = DemoScenes.Draw(11, 0, Small);
        var car = DemoScenes.Draw(11, 1, Small);
        Assert.AreEqual(butterfly.TextureName, car.TextureName);

        // Far from both objects and their shadows, the pictures agree.
        var same = 0;
        for (var i = 0; i < Small * Small; i++)
        {
            same += butterfly.Pixels.Span.Slice(i * 4, 4).SequenceEqual(car.Pixels.Span.Slice(i * 4, 4)) ? 1 : 0;
        }

        Assert.IsGreaterThan(Small * Small / 4, same);
    }

    [TestMethod]
    public void Every_mask_covers_a_sensible_part_of_the_picture()
    {
        foreach (var scene in Enumerable.Range(0, 100).Select(seed => DemoScenes.Draw(seed, seed % DemoNetwork.Classes.Count, Small)))
        {
            Assert.AreEqual(scene.Width * scene.Height, scene.Mask.Length);
            var share = scene.Mask.ToArray().Count(on => on) / (double)scene.Mask.Length;
            Assert.IsTrue(share is > 0.02 and < 0.4, $"{scene.ClassName} of seed {scene.Seed} covers {share:P1}");
        }
    }

    [TestMethod]
    public void The_object_is_where_the_mask_says()
    {
        // One seed, two classes: all that differs lies near one of the two objects or under their shadows.
        var fish = DemoScenes.Draw(23, 2, Small);
        var duck = DemoScenes.Draw(23, 6, Small);
        var (onObjects, elsewhere) = (0.0, 0.0);
        var (objects, rest) = (0, 0);
        for (var i = 0; i < fish.Mask.Length; i++)
        {
            var difference = Math.Abs(fish.Pixels.Span[i * 4] - duck.Pixels.Span[i * 4]);
            if (fish.Mask.Span[i] != duck.Mask.Span[i])
            {
                (onObjects, objects) = (onObjects + difference, objects + 1);
            }
            else if (!fish.Mask.Span[i])
            {
                (elsewhere, rest) = (elsewhere + difference, rest + 1);
            }
        }

        Assert.IsGreaterThan(5 * elsewhere / rest, onObjects / objects);
    }

    [TestMethod]
    public void Every_class_is_drawn_on_every_texture()
    {
        const int Patience = 100;
        for (var classIndex = 0; classIndex < DemoNetwork.Classes.Count; classIndex++)
        {
            var missing = DemoScenes.Textures.ToHashSet();
            for (var seed = 0; seed < Patience && missing.Count > 0; seed++)
            {
                missing.Remove(DemoScenes.Draw(seed, classIndex, 16).TextureName);
            }

            Assert.IsEmpty(missing, DemoNetwork.Classes[classIndex]);
        }
    }

    [TestMethod]
    public void Held_out_scenes_take_the_classes_in_turn_and_leave_training_seeds_alone()
    {
        var scenes = DemoScenes.HeldOut(12).ToList();

        Assert.HasCount(12, scenes);
        for (var i = 0; i < scenes.Count; i++)
        {
            Assert.AreEqual(i % DemoNetwork.Classes.Count, scenes[i].ClassIndex);
            Assert.AreEqual(DemoNetwork.Classes[scenes[i].ClassIndex], scenes[i].ClassName);
            Assert.IsGreaterThanOrEqualTo(DemoScenes.FirstHeldOutSeed, scenes[i].Seed);
            Assert.AreEqual((320, 320), (scenes[i].Width, scenes[i].Height));
        }
    }

    [TestMethod]
    public void The_png_holds_the_same_pixels()
    {
        var scene = DemoScenes.Draw(5, 5, Small);
        using var decoded = SKBitmap.Decode(scene.EncodePng());

        var pixel = decoded.GetPixel(Small / 3, Small / 2);
        var at = ((Small / 2 * Small) + (Small / 3)) * 4;
        Assert.AreEqual((scene.Pixels.Span[at], scene.Pixels.Span[at + 1], scene.Pixels.Span[at + 2]), (pixel.Red, pixel.Green, pixel.Blue));
        Assert.AreEqual(255, pixel.Alpha);
    }

    [TestMethod]
    [DataRow(-1, 64)]
    [DataRow(10, 64)]
    [DataRow(0, 15)]
    public void A_class_or_size_that_does_not_exist_is_refused(int classIndex, int size)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DemoScenes.Draw(1, classIndex, size));
    }
}
