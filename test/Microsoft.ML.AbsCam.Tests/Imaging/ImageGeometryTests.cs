using Microsoft.ML.AbsCam.Imaging;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
public class ImageGeometryTests
{
    // Resized sizes and crop offsets as torchvision's Resize(256) and CenterCrop(224) have them: the longer side is truncated, half offsets go to even.
    [TestMethod]
    [DataRow(500, 375, 341, 256, 58, 16)]
    [DataRow(375, 500, 256, 341, 16, 58)]
    [DataRow(500, 333, 384, 256, 80, 16)]
    [DataRow(257, 256, 257, 256, 16, 16)]
    [DataRow(100, 259, 256, 663, 16, 220)]
    [DataRow(1, 1, 256, 256, 16, 16)]
    public void A_centre_crop_has_the_size_and_the_offset_of_torchvision(int width, int height, int resizedWidth, int resizedHeight, int offsetX, int offsetY)
    {
        var geometry = ImageGeometry.For(width, height, ImagePreprocessing.ImageNet);
        Assert.AreEqual((resizedWidth, resizedHeight, offsetX, offsetY), ((int)geometry.ResizedWidth, (int)geometry.ResizedHeight, (int)geometry.OffsetX, (int)geometry.OffsetY));
    }

    [TestMethod]
    [DataRow(100, 100)]
    [DataRow(500, 100)]
    [DataRow(100, 500)]
    [DataRow(7, 9999)]
    public void A_centre_crop_to_a_rectangle_leaves_no_gap(int width, int height)
    {
        var geometry = ImageGeometry.For(width, height, ImagePreprocessing.For(224, 448));
        Assert.IsTrue(geometry.OffsetX >= 0 && geometry.OffsetX + 448 <= geometry.ResizedWidth);
        Assert.IsTrue(geometry.OffsetY >= 0 && geometry.OffsetY + 224 <= geometry.ResizedHeight);
    }

    [TestMethod]
    [DataRow(400, 200, 224, 112, 0, -56)]
    [DataRow(200, 400, 112, 224, -56, 0)]
    [DataRow(50, 50, 224, 224, 0, 0)]
    [DataRow(10000, 1, 224, 1, 0, -111)]
    public void Padding_fits_the_longer_side_and_centres_the_photo(int width, int height, int resizedWidth, int resizedHeight, int offsetX, int offsetY)
    {
        var geometry = ImageGeometry.For(width, height, ImagePreprocessing.ImageNet with { Resize = ResizeRule.Pad });
        Assert.AreEqual((resizedWidth, resizedHeight, offsetX, offsetY), ((int)geometry.ResizedWidth, (int)geometry.ResizedHeight, (int)geometry.OffsetX, (int)geometry.OffsetY));
    }

    [TestMethod]
    [DataRow(ResizeRule.CenterCrop)]
    [DataRow(ResizeRule.Squash)]
    [DataRow(ResizeRule.Pad)]
    public void To_the_input_and_back_is_the_same_place(ResizeRule rule)
    {
        var geometry = ImageGeometry.For(317, 911, ImagePreprocessing.For(160, 224) with { Resize = rule });
        var (x, y) = geometry.ToInput(12.25, 700.5);
        var (backX, backY) = geometry.ToPhoto(x, y);
        Assert.AreEqual(12.25, backX, 1e-9);
        Assert.AreEqual(700.5, backY, 1e-9);
    }

    [TestMethod]
    public void The_seen_region_is_the_crop_and_otherwise_the_whole_photo()
    {
        var crop = ImageGeometry.For(512, 256, ImagePreprocessing.ImageNet);
        Assert.AreEqual(new PhotoRegion(144, 16, 368, 240), crop.Seen);

        foreach (var rule in new[] { ResizeRule.Squash, ResizeRule.Pad })
        {
            var whole = ImageGeometry.For(512, 300, ImagePreprocessing.ImageNet with { Resize = rule });
            Assert.AreEqual(new PhotoRegion(0, 0, 512, 300), whole.Seen);
        }
    }
}
