using Microsoft.ML.AbsCam.Measures.Pointing;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>Boxes and masks, pixel by pixel.</summary>
[TestClass]
public sealed class RegionTests
{
    private const int Width = 40;
    private const int Height = 30;

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(4.5)]
    [DataRow(15.0)]
    [DataRow(1000.0)]
    public void Boxes_and_masks_agree_with_a_search_of_all_pixels(double tolerance)
    {
        var random = new Random(1);
        for (int trial = 0; trial < 5; trial++)
        {
            PixelArea[] boxes = [.. Enumerable.Range(0, 2).Select(_ =>
            {
                (int left, int top) = (random.Next(Width), random.Next(Height));
                return new PixelArea(left, top, Math.Min(Width, left + 1 + random.Next(9)), Math.Min(Height, top + 1 + random.Next(9)));
            })];
            bool[] mask = new bool[Width * Height];
            for (int i = 0; i < mask.Length; i++)
            {
                (int x, int y) = (i % Width, i / Width);
                mask[i] = boxes.Any(box => x >= box.Left && x < box.Right && y >= box.Top && y < box.Bottom);
            }

            ObjectRegion[] regions = [new BoxRegion(boxes), new MaskRegion(mask, Width)];
            for (int i = 0; i < mask.Length; i++)
            {
                (int x, int y) = (i % Width, i / Width);
                bool isNear = Enumerable.Range(0, mask.Length).Any(j => mask[j] && Square(x - (j % Width)) + Square(y - (j / Width)) < tolerance * tolerance);
                foreach (ObjectRegion region in regions)
                {
                    Assert.AreEqual(mask[i], region.Contains(x, y), $"{region.GetType().Name} at {x}, {y}");
                    Assert.AreEqual(isNear, region.IsNear(x, y, tolerance), $"{region.GetType().Name} near {x}, {y}");
                }
            }

            PixelArea corner = new(0, 0, 12, 9);
            bool touches = Enumerable.Range(0, mask.Length).Any(j => mask[j] && j % Width < 12 && j / Width < 9);
            Assert.IsTrue(Array.TrueForAll(regions, region => region.Touches(corner) == touches));
        }

        static double Square(double value) => value * value;
    }

    [TestMethod]
    [DataRow(15, 0, false)]
    [DataRow(9, 12, false)]
    [DataRow(14, 5, true)]
    [DataRow(8, 12, true)]
    public void A_pixel_at_a_squared_distance_of_just_225_is_a_miss_and_below_a_hit(int x, int y, bool isNear)
    {
        bool[] mask = new bool[Width * Height];
        mask[0] = true;
        Assert.AreEqual(isNear, new MaskRegion(mask, Width).IsNear(x, y, SaliencyMeasure.UsualTolerance));
        Assert.AreEqual(isNear, new BoxRegion([new PixelArea(0, 0, 1, 1)]).IsNear(x, y, SaliencyMeasure.UsualTolerance));
    }

    [TestMethod]
    public void A_box_holds_the_pixels_whose_centres_it_holds()
    {
        Assert.AreEqual(new PixelArea(1, 2, 4, 5), PixelArea.OfCentres(1, 2, 4, 5, 10, 10));
        Assert.AreEqual(new PixelArea(1, 2, 4, 5), PixelArea.OfCentres(1.5, 1.6, 3.6, 5.5, 10, 10), "a centre on the left edge is inside, one on the right is not");
        Assert.AreEqual(new PixelArea(0, 0, 10, 8), PixelArea.OfCentres(-5, -0.1, 1e30, 99, 10, 8), "what lies outside of the photo is cut off");
        Assert.IsTrue(PixelArea.OfCentres(3.6, 0, 4.4, 5, 10, 10).IsEmpty, "between two centres");
    }
}
