using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>The line around the place that is asked about lies where the place is, and nowhere else.</summary>
[TestClass]
public class PlaceMarkTests
{
    private const int Grey = 128;

    [TestMethod]
    public void A_box_is_drawn_along_its_sides()
    {
        using MLImage photo = TestImage.Uniform(200, 100, Grey);
        using MLImage marked = new PlaceMark(ImagePreprocessing.For(50, 50), 50, 50).Draw(photo, new ShownPlace([40, 20, 120, 80], null));
        foreach ((int x, int y, bool isLine) in new[] { (40, 50, true), (119, 50, true), (80, 20, true), (80, 79, true), (80, 50, false), (20, 50, false), (150, 50, false), (80, 10, false) })
        {
            Assert.AreEqual(isLine, marked.Pixel(x, y).Red != Grey, $"{x}, {y}");
        }

        Assert.AreEqual(Grey, photo.Pixel(40, 50).Red, "the photo itself stays as it is");
    }

    [TestMethod]
    public void A_box_beyond_the_photo_shows_all_its_sides()
    {
        using MLImage photo = TestImage.Uniform(200, 200, Grey);
        using MLImage marked = new PlaceMark(ImagePreprocessing.For(50, 50), 50, 50).Draw(photo, new ShownPlace([-40, -20, 900, 600], null));
        Assert.IsTrue(new[] { (1, 100), (198, 100), (100, 1), (100, 198) }.All(at => marked.Pixel(at.Item1, at.Item2).Red != Grey));
        Assert.AreEqual(Grey, marked.Pixel(100, 100).Red);
    }

    [TestMethod]
    public void A_region_is_outlined_where_the_map_lies_on_the_photo()
    {
        ImagePreprocessing seen = ImagePreprocessing.For(20, 20);
        int left = (int)Math.Round(SaliencyOverlay.Region(400, 200, seen).Left);

        // The network sees the middle square of the photo, whose left half is the region.
        float[] region = [.. Enumerable.Range(0, 20 * 20).Select(place => place % 20 < 10 ? 1f : 0)];
        using MLImage photo = TestImage.Uniform(400, 200, Grey);
        using MLImage marked = new PlaceMark(seen, 20, 20).Draw(photo, new ShownPlace(null, region));
        foreach ((int x, bool isLine) in new[] { (left, true), (200, true), ((left + 200) / 2, false), (250, false), (50, false), (350, false) })
        {
            Assert.AreEqual(isLine, marked.Pixel(x, 100).Red != Grey, $"column {x}");
        }
    }

    [TestMethod]
    public void A_contour_parts_what_is_inside_from_what_is_not()
    {
        // Every piece lies half-way between a place inside and one that is not, on any mask.
        var random = new Random(3);
        float[] mask = [.. Enumerable.Range(0, 6 * 7).Select(_ => random.Next(2) * 1f)];
        (float FromX, float FromY, float ToX, float ToY)[] lines = [.. ContourLines.Of(mask, 6, 7)];
        foreach ((float x, float y) in lines.SelectMany(line => new[] { (line.FromX, line.FromY), (line.ToX, line.ToY) }))
        {
            // Places have their centres at halves, so one of the two numbers is a whole one.
            (int row, int column, int nextRow, int nextColumn) = x == Math.Floor(x) ? ((int)y, (int)x - 1, (int)y, (int)x) : ((int)y - 1, (int)x, (int)y, (int)x);
            Assert.AreNotEqual(At(row, column), At(nextRow, nextColumn), $"{x}, {y}");
        }

        // A contour is closed: every end is that of two pieces, or of four where two corners touch.
        Assert.IsTrue(lines.SelectMany(line => new[] { (line.FromX, line.FromY), (line.ToX, line.ToY) }).GroupBy(end => end).All(ends => ends.Count() % 2 == 0));

        float At(int row, int column) => row >= 0 && column >= 0 && row < 6 && column < 7 ? mask[(row * 7) + column] : 0;
    }
}
