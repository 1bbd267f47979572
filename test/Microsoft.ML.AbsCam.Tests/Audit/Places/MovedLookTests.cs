using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Tests.Audit.Places;

/// <summary>Things of one look that lie elsewhere in each picture.</summary>
[TestClass]
public sealed class MovedLookTests
{
    private const int Side = 32;
    private const int Thing = 8;
    private static readonly InputFrame Frame = new(3, Side, Side);
    private static readonly PictureScale Scale = new(Frame, 4, 4);

    [TestMethod]
    public void A_thing_that_lies_elsewhere_in_each_picture_is_found_with_its_pixels()
    {
        (float[][] pictures, (int Top, int Left)[] places) = Pictures(holders: 6);
        MovedLook look = MovedLook.Of(Square(pictures[0], places[0]), pictures, Frame)!;
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 6).ToArray(), look.Members.Select(member => member.Picture).ToArray());
        float usual = MovedLook.Usual(pictures);
        bool[] shape = look.WithoutCopies(pictures, usual).Shape(pictures, Scale, usual)!;
        foreach ((int picture, int top, int left) in look.Members)
        {
            bool[] pixels = MovedLook.ShapeIn((picture, top, left), shape, Scale);
            bool[] planted = [.. Enumerable.Range(0, Side * Side).Select(i => IsIn(places[picture], i))];
            double overlap = pixels.Zip(planted).Count(pair => pair.First && pair.Second) / (double)pixels.Zip(planted).Count(pair => pair.First || pair.Second);
            Assert.IsGreaterThan(0.8, overlap, $"picture {picture}");
        }
    }

    [TestMethod]
    public void Two_pictures_with_one_thing_are_no_look()
    {
        (float[][] pictures, (int Top, int Left)[] places) = Pictures(holders: 2);
        Assert.IsNull(MovedLook.Of(Square(pictures[0], places[0]), pictures, Frame));
    }

    [TestMethod]
    public void Copies_of_one_picture_count_once()
    {
        (float[][] pictures, (int Top, int Left)[] places) = Pictures(holders: 1);
        float[][] copied = [pictures[0], pictures[0], pictures[0], pictures[0], .. pictures[1..]];
        MovedLook look = MovedLook.Of(Square(pictures[0], places[0]), copied, Frame)!;
        Assert.HasCount(4, look.Members);
        Assert.HasCount(1, look.WithoutCopies(copied, MovedLook.Usual(pictures)).Members);
    }

    [TestMethod]
    public void Distances_without_a_gap_set_nothing_apart()
    {
        Assert.AreEqual(0, MovedLook.GapOf([0, 0.1f]).Gap);
        Assert.IsLessThan(MovedLook.LeastGap, MovedLook.GapOf([0, 0.1f, 0.2f, 0.25f, 0.3f, 0.35f, 0.5f]).Gap);
        Assert.AreEqual((0.5f, 3), MovedLook.GapOf([0, 0, 0, 0.5f, 0.6f]));
    }

    [TestMethod]
    public void Large_pictures_are_compared_at_the_map_s_scale()
    {
        var scale = new PictureScale(new InputFrame(1, 224, 224), 14, 14);
        Assert.AreEqual((112, 112), (scale.Frame.Height, scale.Frame.Width));
        float[] picture = [.. Enumerable.Range(0, 224 * 224).Select(i => (float)(i % 224 / 2))];
        CollectionAssert.AreEqual(Enumerable.Range(0, 112).Select(x => (float)x).ToArray(), scale.Shrink(picture)[..112]);
        bool[] corner = new bool[112 * 112];
        corner[0] = true;
        CollectionAssert.AreEqual((int[])[0, 1, 224, 225], scale.Grow(corner).Index().Where(pixel => pixel.Item).Select(pixel => pixel.Index).ToArray());
        Assert.AreEqual((0, 224 / 2 - scale.Window), scale.WindowAt(0, 13, 14, 14));
    }

    // Noise of two levels in blocks, and the thing in the first pictures.
    private static (float[][] Pictures, (int Top, int Left)[] Places) Pictures(int holders)
    {
        var random = new Random(5);
        float[] thing = [.. Enumerable.Range(0, 3 * Thing * Thing).Select(_ => (float)random.Next(2))];
        float[][] pictures = [.. Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, 3 * Side * Side).Select(_ => random.NextSingle()).ToArray())];
        (int Top, int Left)[] places = [.. pictures.Select(_ => (random.Next(Side - Thing), random.Next(Side - Thing)))];
        for (int n = 0; n < holders; n++)
        {
            for (int i = 0; i < thing.Length; i++)
            {
                (int plane, int y, int x) = (i / (Thing * Thing), i / Thing % Thing, i % Thing);
                pictures[n][(plane * Side * Side) + ((places[n].Top + y) * Side) + places[n].Left + x] = thing[i];
            }
        }

        return (pictures, places);
    }

    private static LookSquare Square(float[] picture, (int Top, int Left) place)
    {
        float[] cut = [.. Enumerable.Range(0, 3 * Thing * Thing).Select(i => picture[(i / (Thing * Thing) * Side * Side) + ((place.Top + (i / Thing % Thing)) * Side) + place.Left + (i % Thing)])];
        return LookSquare.Of(cut, new InputFrame(3, Thing, Thing), Scale.SquareSide, most: 1)[0];
    }

    private static bool IsIn((int Top, int Left) place, int i) => i / Side >= place.Top && i / Side < place.Top + Thing && i % Side >= place.Left && i % Side < place.Left + Thing;
}
