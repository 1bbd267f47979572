using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
public class ImageFileTests
{
    [TestMethod]
    [DataRow(SKEncodedImageFormat.Jpeg)]
    [DataRow(SKEncodedImageFormat.Png)]
    [DataRow(SKEncodedImageFormat.Webp)]
    public void Common_formats_are_read(SKEncodedImageFormat format)
    {
        using var image = ImageFile.Load(ImageBytes.Encode(40, 30, (_, _) => new SKColor(220, 60, 30), format));
        Assert.AreEqual((40, 30, MLPixelFormat.Bgra32), (image.Width, image.Height, image.PixelFormat));
        Near((220, 60, 30), image.Pixel(20, 15));
    }

    // A 4 x 3 grey photo with its upper left quarter white: the corner tells where each orientation puts it.
    [TestMethod]
    [DataRow(1, 32, 24, 0, 0)]
    [DataRow(2, 32, 24, 1, 0)]
    [DataRow(3, 32, 24, 1, 1)]
    [DataRow(4, 32, 24, 0, 1)]
    [DataRow(5, 24, 32, 0, 0)]
    [DataRow(6, 24, 32, 1, 0)]
    [DataRow(7, 24, 32, 1, 1)]
    [DataRow(8, 24, 32, 0, 1)]
    public void The_Exif_orientation_is_applied(int orientation, int width, int height, int whiteRight, int whiteDown)
    {
        // Along the stored top edge green, along the left edge red: tells mirrored from turned.
        var jpeg = ImageBytes.Encode(32, 24, (x, y) => x < 8 && y < 8 ? SKColors.White : y < 8 ? SKColors.Lime : x < 8 ? SKColors.Red : SKColors.Black, SKEncodedImageFormat.Jpeg);
        using var image = ImageFile.Load(ImageBytes.WithOrientation(jpeg, orientation));
        Assert.AreEqual((width, height), (image.Width, image.Height));
        var (cornerX, cornerY) = (whiteRight * (width - 1), whiteDown * (height - 1));
        Near((255, 255, 255), image.Pixel(cornerX, cornerY), 40);
        var alongRow = image.Pixel(width - 1 - cornerX, cornerY);
        var alongColumn = image.Pixel(cornerX, height - 1 - cornerY);
        Near(orientation < 5 ? (0, 255, 0) : (255, 0, 0), alongRow, 40);
        Near(orientation < 5 ? (255, 0, 0) : (0, 255, 0), alongColumn, 40);
    }

    [TestMethod]
    public void A_grey_Jpeg_is_read()
    {
        using var grey = new SKBitmap(new SKImageInfo(16, 16, SKColorType.Gray8, SKAlphaType.Opaque));
        grey.Erase(new SKColor(90, 90, 90));
        using var data = grey.Encode(SKEncodedImageFormat.Jpeg, 95);
        using var image = ImageFile.Load(data.AsSpan());
        Near((90, 90, 90), image.Pixel(8, 8));
    }

    [TestMethod]
    public void A_Cmyk_Jpeg_is_read()
    {
        using var image = ImageFile.Load(ImageBytes.CmykJpeg);
        Near((200, 40, 90), image.Pixel(0, 0));
    }

    [TestMethod]
    public void A_16_bit_Png_is_read()
    {
        using var image = ImageFile.Load(ImageBytes.Png(1, 1, 16, 2, [0, 200, 1, 40, 2, 90, 3]));
        Near((200, 40, 90), image.Pixel(0, 0), 1);
    }

    [TestMethod]
    public void A_palette_Png_is_read()
    {
        using var image = ImageFile.Load(ImageBytes.Png(2, 1, 8, 3, [0, 1, 0], palette: [200, 40, 90, 1, 2, 3]));
        Assert.AreEqual((1, 2, 3, 255), image.Pixel(0, 0));
        Assert.AreEqual((200, 40, 90, 255), image.Pixel(1, 0));
    }

    [TestMethod]
    public void An_interlaced_Png_is_read()
    {
        // Of Adam7's seven passes a 2 x 2 image fills three: one pixel, its right neighbour, the second row.
        using var image = ImageFile.Load(ImageBytes.Png(2, 2, 8, 0, [0, 10, 0, 20, 0, 30, 40], interlaced: true));
        Assert.AreEqual((10, 20, 30, 40), (image.Pixel(0, 0).Red, image.Pixel(1, 0).Red, image.Pixel(0, 1).Red, image.Pixel(1, 1).Red));
    }

    [TestMethod]
    public void Transparency_is_premultiplied()
    {
        using var image = ImageFile.Load(ImageBytes.Png(1, 1, 8, 6, [0, 255, 100, 0, 128]));
        Assert.AreEqual((128, 50, 0, 128), image.Pixel(0, 0));
    }

    [TestMethod]
    public void Animations_give_their_first_frame()
    {
        foreach (var bytes in new[] { ImageBytes.AnimatedGif, ImageBytes.AnimatedWebP })
        {
            using var image = ImageFile.Load(bytes);
            Assert.AreEqual((3, 2), (image.Width, image.Height));
            Near((255, 0, 0), image.Pixel(1, 1), 10);
        }
    }

    [TestMethod]
    public void A_stream_is_read_from_its_position_and_stays_open()
    {
        using var stream = new MemoryStream([1, 2, 3, .. ImageBytes.AnimatedGif]);
        stream.Position = 3;
        using var image = ImageFile.Load(stream);
        Assert.AreEqual(3, image.Width);
        Assert.IsTrue(stream.CanRead);
    }

    [TestMethod]
    public void A_file_with_any_name_is_read()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "Grüße 猫 <1>.png");
        File.WriteAllBytes(path, ImageBytes.Png(1, 1, 8, 0, [0, 77]));
        using var image = ImageFile.Load(path);
        Assert.AreEqual(77, image.Pixel(0, 0).Red);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [TestMethod]
    public void A_smaller_decode_keeps_the_wanted_size()
    {
        var jpeg = ImageBytes.Encode(640, 480, (x, _) => new SKColor((byte)(x / 3), 0, 0), SKEncodedImageFormat.Jpeg);
        using var image = ImageFile.Load(jpeg, options: new ImageFileOptions { MinimumSize = 100 });
        Assert.AreEqual((160, 120), (image.Width, image.Height));
        using var full = ImageFile.Load(jpeg, options: new ImageFileOptions { MinimumSize = 480 });
        Assert.AreEqual(640, full.Width);
    }

    private static void Near((int Red, int Green, int Blue) expected, (int Red, int Green, int Blue, int Alpha) actual, int tolerance = 6)
    {
        Assert.AreEqual(expected.Red, actual.Red, tolerance, $"red of {actual}");
        Assert.AreEqual(expected.Green, actual.Green, tolerance, $"green of {actual}");
        Assert.AreEqual(expected.Blue, actual.Blue, tolerance, $"blue of {actual}");
    }
}
