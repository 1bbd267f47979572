using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
public class OverlayRendererTests
{
    /// <summary>Pixels of the photo: half an input pixel at the largest reduction in these tests.</summary>
    private const double Nearly = 1.5;

    private static readonly OverlayOptions NoLine = new() { Outline = false };

    // Where a spot of the photo lies in the input, by hand: x * resized / photo - crop, or + padding.
    [TestMethod]
    [DataRow(500, 375, 210.0, 150.0, ResizeRule.CenterCrop, 341, 256, -58, -16)]
    [DataRow(375, 500, 240.0, 230.0, ResizeRule.CenterCrop, 256, 341, -16, -58)]
    [DataRow(500, 375, 60.0, 300.0, ResizeRule.Squash, 224, 224, 0, 0)]
    [DataRow(375, 500, 60.0, 470.0, ResizeRule.Squash, 224, 224, 0, 0)]
    [DataRow(500, 375, 60.0, 300.0, ResizeRule.Pad, 224, 168, 0, 28)]
    [DataRow(375, 500, 340.0, 40.0, ResizeRule.Pad, 168, 224, 28, 0)]
    public void The_map_lies_where_the_network_looked_for_all_resize_rules(
        int width, int height, double spotX, double spotY, ResizeRule rule, int resizedWidth, int resizedHeight, int shiftX, int shiftY)
    {
        var preprocessing = ImagePreprocessing.ImageNet with { Resize = rule, Mean = [0, 0, 0], Std = [1, 1, 1] };
        using var photo = TestImage.Spot(width, height, spotX, spotY, 12);
        var tensor = new float[3 * 224 * 224];
        new ImageTensorizer(preprocessing).Write(photo, tensor);

        var seen = TestImage.Centroid(224, 224, (x, y) => tensor[y * 224 + x]);
        Assert.AreEqual(spotX * resizedWidth / width + shiftX, seen.X, 0.1);
        Assert.AreEqual(spotY * resizedHeight / height + shiftY, seen.Y, 0.1);

        // The network "looked" at the spot: a map that is its own view of it must land on the spot in the photo.
        using var black = TestImage.Uniform(width, height, 0);
        using var overlay = OverlayRenderer.Render(black, tensor.AsSpan(0, 224 * 224), 224, 224, ImageGeometry.For(width, height, preprocessing), NoLine);
        var hot = TestImage.Centroid(width, height, (x, y) => overlay.Pixel(x, y).Red);
        Assert.AreEqual((width, height), (overlay.Width, overlay.Height));
        Assert.AreEqual(spotX, hot.X, Nearly);
        Assert.AreEqual(spotY, hot.Y, Nearly);
    }

    [TestMethod]
    public void A_coarse_map_is_spread_over_the_whole_input_with_its_cells_in_place()
    {
        using var black = TestImage.Uniform(260, 260, 0);
        var map = new float[13 * 13];
        map[4 * 13 + 9] = 1;
        var squash = ImagePreprocessing.ImageNet with { Resize = ResizeRule.Squash };
        using var overlay = OverlayRenderer.Render(black, map, 13, 13, ImageGeometry.For(260, 260, squash), NoLine);
        var hot = TestImage.Centroid(260, 260, (x, y) => overlay.Pixel(x, y).Red);
        Assert.AreEqual(190, hot.X, 0.01);
        Assert.AreEqual(90, hot.Y, 0.01);
    }

    [TestMethod]
    public void Cold_regions_show_the_photo_untouched_and_hot_ones_the_colour()
    {
        using var photo = TestImage.Noise(64, 64);
        var squash = ImagePreprocessing.ImageNet with { Resize = ResizeRule.Squash };
        var geometry = ImageGeometry.For(64, 64, squash);
        using var cold = OverlayRenderer.Render(photo, new float[4], 2, 2, geometry, NoLine);
        Assert.IsTrue(cold.Pixels.SequenceEqual(photo.Pixels));

        using var hot = OverlayRenderer.Render(photo, [1, 1, 1, 1], 2, 2, geometry, NoLine with { Opacity = 1 });
        var (red, green, blue) = ColorMap.Inferno.ColorOf(1);
        Assert.AreEqual((red, green, blue, 255), hot.Pixel(20, 30));
        GC.KeepAlive(photo);
    }

    [TestMethod]
    public void What_the_crop_left_out_is_dimmed_without_heat_and_a_line_marks_it()
    {
        using var photo = TestImage.From(512, 256, (_, _) => (200, 100, 40, 255));
        var geometry = ImageGeometry.For(512, 256, ImagePreprocessing.ImageNet);
        using var overlay = OverlayRenderer.Render(photo, [1f], 1, 1, geometry, new OverlayOptions());
        var outside = overlay.Pixel(20, 128);
        Assert.IsLessThan(130, outside.Red);
        Assert.IsLessThan(60, outside.Red - outside.Blue);
        Assert.AreEqual(outside, overlay.Pixel(500, 5));
        Assert.AreEqual(outside, overlay.Pixel(256, 5));
        Assert.AreEqual((235, 235, 235, 255), overlay.Pixel(143, 128));
        Assert.AreEqual((235, 235, 235, 255), overlay.Pixel(368, 240));
        Assert.AreNotEqual((235, 235, 235, 255), overlay.Pixel(144, 128));
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void The_pixel_format_stays_and_the_photo_is_not_disposed(MLPixelFormat format)
    {
        using var photo = TestImage.From(8, 8, (_, _) => (10, 20, 30, 255), format);
        var geometry = ImageGeometry.For(8, 8, ImagePreprocessing.For(8, 8));
        using (var overlay = OverlayRenderer.Render(photo, [0f], 1, 1, geometry, NoLine))
        {
            Assert.AreEqual(format, overlay.PixelFormat);
            Assert.AreEqual((10, 20, 30, 255), overlay.Pixel(3, 3));
        }

        Assert.AreEqual((10, 20, 30, 255), photo.Pixel(3, 3));
    }

    [TestMethod]
    public void Transparent_photos_become_opaque_over_white()
    {
        using var photo = TestImage.From(4, 4, (_, _) => (0, 0, 0, 0));
        using var overlay = OverlayRenderer.Render(photo, [0f], 1, 1, ImageGeometry.For(4, 4, ImagePreprocessing.For(4, 4)), NoLine);
        Assert.AreEqual((255, 255, 255, 255), overlay.Pixel(1, 1));
    }

    [TestMethod]
    public void Values_beyond_the_range_are_clamped_and_not_a_number_is_cold()
    {
        using var photo = TestImage.Uniform(30, 10, 77);
        var geometry = ImageGeometry.For(30, 10, ImagePreprocessing.For(10, 30));
        using var overlay = OverlayRenderer.Render(photo, [-5, float.NaN, 7], 1, 3, geometry, NoLine with { Opacity = 1 });
        var (red, green, blue) = ColorMap.Inferno.ColorOf(1);
        Assert.AreEqual((77, 77, 77, 255), overlay.Pixel(2, 5));
        Assert.AreEqual((77, 77, 77, 255), overlay.Pixel(14, 5));
        Assert.AreEqual((red, green, blue, 255), overlay.Pixel(29, 5));
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        using var photo = TestImage.Uniform(8, 8, 0);
        var geometry = ImageGeometry.For(8, 8, ImagePreprocessing.ImageNet);
        Assert.ThrowsExactly<ArgumentException>(() => OverlayRenderer.Render(photo, new float[5], 2, 2, geometry, NoLine));
        Assert.ThrowsExactly<ArgumentException>(() => OverlayRenderer.Render(photo, new float[4], 2, 2, ImageGeometry.For(9, 8, ImagePreprocessing.ImageNet), NoLine));
        Assert.ThrowsExactly<ArgumentException>(() => OverlayRenderer.Render(photo, new float[4], 2, 2, geometry, NoLine with { Opacity = 2 }));
        Assert.ThrowsExactly<ArgumentException>(() => OverlayRenderer.Render(photo, new float[4], 2, 2, geometry, NoLine with { Dimming = float.NaN }));
        Assert.ThrowsExactly<ArgumentException>(() => OverlayRenderer.Render(photo, new float[4], 2, 2, geometry, NoLine with { ColorMap = (ColorMap)9 }));
    }
}
