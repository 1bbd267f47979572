using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Pipeline.Evaluation;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>Maps of other sizes than what they lie over.</summary>
[TestClass]
public sealed class MapPlacementTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow(4, 4, 8, 8)]
    [DataRow(13, 13, 224, 224)]
    [DataRow(7, 10, 140, 200)]
    [DataRow(60, 90, 20, 30)]
    public void A_map_over_the_input_is_resized_as_libtorch_does_it(int height, int width, int inputHeight, int inputWidth)
    {
        float[] map = OnnxModelBuilder.Numbers([height, width], 9);
        MapPlacement placement = new(Geometry(300, 200, inputWidth, inputHeight, ResizeRule.Squash), MapExtent.Input);
        Assert.IsNull(placement.Trouble(height, width));
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = nn.functional.interpolate(tensor(map, [1, 1, height, width]), [inputHeight, inputWidth], mode: InterpolationMode.Bilinear, align_corners: false);
        Close.AreClose(expected.Floats(), placement.OverInput(map, height, width), Tolerance, "the resized map");
    }

    [TestMethod]
    [DataRow(7, 7, 50, 33)]
    [DataRow(8, 8, 8, 8)]
    [DataRow(64, 64, 20, 11)]
    public void A_map_over_a_squashed_photo_is_resized_as_libtorch_does_it(int height, int width, int photoWidth, int photoHeight)
    {
        float[] map = OnnxModelBuilder.Numbers([height, width], 10);
        MapPlacement placement = new(Geometry(photoWidth, photoHeight, 16, 16, ResizeRule.Squash), MapExtent.Input);
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = nn.functional.interpolate(tensor(map, [1, 1, height, width]), [photoHeight, photoWidth], mode: InterpolationMode.Bilinear, align_corners: false);
        float[] values = expected.Floats();
        (int x, int y) = placement.OverPhoto(map, height, width).Highest();
        Assert.AreEqual(values.Max(), values[(y * photoWidth) + x], Tolerance, "the place of the highest value");
    }

    // Ramps, of which bilinear resizing keeps every value but those at the border: what a pixel holds is where it came from.
    [TestMethod]
    [DataRow(ResizeRule.CenterCrop, 2.0, 10.0, 2.0, 0.0)]
    [DataRow(ResizeRule.Squash, 4.0, 0.0, 2.0, 0.0)]
    [DataRow(ResizeRule.Pad, 4.0, 0.0, 4.0, -5.0)]
    public void A_map_over_the_whole_photo_goes_the_way_of_the_photo(ResizeRule resize, double scaleX, double offsetX, double scaleY, double offsetY)
    {
        const int Side = 20;
        (int width, int height) = (80, 40);
        MapPlacement placement = new(Geometry(width, height, Side, Side, resize), MapExtent.Photo);
        float[] alongX = [.. Enumerable.Range(0, width * height).Select(i => (i % width) + 0.5f)];
        float[] alongY = [.. Enumerable.Range(0, width * height).Select(i => (i / width) + 0.5f)];
        float[] x = placement.OverInput(alongX, height, width);
        float[] y = placement.OverInput(alongY, height, width);
        for (int i = 0; i < Side * Side; i++)
        {
            double photoX = ((i % Side) + 0.5 + offsetX) * scaleX;
            double photoY = ((i / Side) + 0.5 + offsetY) * scaleY;
            bool isPadding = photoY < 0 || photoY > height;
            Assert.AreEqual(isPadding ? 0.5 : photoX, x[i], 1e-3, $"the column under pixel {i}");
            Assert.AreEqual(isPadding ? 0.5 : photoY, y[i], 1e-3, $"the row under pixel {i}");
        }
    }

    [TestMethod]
    public void The_seen_part_of_a_cropped_photo_is_all_that_is_searched()
    {
        // The border repeats beyond the outer centres, so a peak on the map's edge would else be found outside of it.
        MapPlacement placement = new(Geometry(80, 40, 20, 20, ResizeRule.CenterCrop), MapExtent.Input);
        float[] map = new float[400];
        map[0] = 1;
        Assert.AreEqual((20, 0), placement.OverPhoto(map, 20, 20).Highest());
    }

    [TestMethod]
    [DataRow(MapExtent.Input, 7, 7, true)]
    [DataRow(MapExtent.Input, 224, 224, true)]
    [DataRow(MapExtent.Input, 14, 28, false)]
    [DataRow(MapExtent.Photo, 150, 300, true)]
    [DataRow(MapExtent.Photo, 15, 31, true)]
    [DataRow(MapExtent.Photo, 7, 7, false)]
    public void Only_maps_with_the_proportions_of_what_they_lie_over_are_taken(MapExtent extent, int height, int width, bool isTaken)
    {
        string? trouble = new MapPlacement(Geometry(600, 300, 224, 224, ResizeRule.CenterCrop), extent).Trouble(height, width);
        Assert.AreEqual(isTaken, trouble is null, trouble);
        if (!isTaken)
        {
            StringAssert.Contains(trouble, $"the map is {height} x {width}, which has not the proportions of {(extent == MapExtent.Input ? "the network's input, 224 x 224" : "the photo, 300 x 600")}");
        }
    }

    private static ImageGeometry Geometry(int photoWidth, int photoHeight, int width, int height, ResizeRule resize)
        => ImageGeometry.For(photoWidth, photoHeight, ImagePreprocessing.For(height, width) with { Resize = resize });
}
