using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

/// <summary>All eight orientations in every container that can say them.</summary>
[TestClass]
public class ExifOrientationTests
{
    private const int Width = 24;
    private const int Height = 16;

    [TestMethod]
    [DataRow("JPEG")]
    [DataRow("PNG, in front of the pixels")]
    [DataRow("PNG, behind the pixels")]
    [DataRow("PNG, with JPEG's marker, low bytes first")]
    [DataRow("WebP")]
    [DataRow("WebP, with JPEG's marker")]
    public void Every_orientation_is_applied_in_every_container(string container)
    {
        byte[] plain = Picture(container);
        int[,] stored = Grid(ImageFile.Load(plain));
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            byte[] exif = ImageBytes.Exif(orientation);
            byte[] file = container switch
            {
                "JPEG" => ImageBytes.WithOrientation(plain, orientation),
                "PNG, in front of the pixels" => ImageBytes.PngWithExif(plain, exif),
                "PNG, behind the pixels" => ImageBytes.PngWithExif(plain, exif, isBehind: true),
                "PNG, with JPEG's marker, low bytes first" => ImageBytes.PngWithExif(plain, [.. "Exif\0\0"u8, .. ImageBytes.Exif(orientation, isLittle: true)]),
                "WebP" => ImageBytes.WebPWithExif(plain, Width, Height, exif),
                _ => ImageBytes.WebPWithExif(plain, Width, Height, [.. "Exif\0\0"u8, .. exif]),
            };
            int[,] expected = Turned.Upright(stored, orientation);
            int[,] shown = Grid(ImageFile.Load(file));
            Assert.AreEqual(expected.GetLength(0), shown.GetLength(0), $"{container} {orientation}: height");
            CollectionAssert.AreEqual(expected, shown, $"{container} {orientation}");
        }
    }

    [TestMethod]
    [DataRow(new byte[] { }, DisplayName = "nothing")]
    [DataRow(new byte[] { (byte)'M', (byte)'M', 0, 42, 0xff, 0xff, 0xff, 0xff }, DisplayName = "a directory beyond the end")]
    [DataRow(new byte[] { (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0xff, 0xff }, DisplayName = "more entries than there are bytes")]
    [DataRow(new byte[] { (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0 }, DisplayName = "an orientation of 9")]
    [DataRow(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, DisplayName = "something else")]
    public void Exif_without_an_orientation_leaves_the_picture_as_it_is(byte[] exif)
    {
        byte[] plain = Picture("PNG");
        CollectionAssert.AreEqual(Grid(ImageFile.Load(plain)), Grid(ImageFile.Load(ImageBytes.PngWithExif(plain, exif))));
    }

    [TestMethod]
    public void A_damaged_eXIf_chunk_is_named()
    {
        byte[] png = ImageBytes.PngWithExif(Picture("PNG"), ImageBytes.Exif(6));
        png[33 + 8 + 19] = 3;
        ImageFileException refused = Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(png));
        StringAssert.Contains(refused.Message, "eXIf");
    }

    [TestMethod]
    public void The_orientation_is_read_alone_and_can_be_given()
    {
        string path = Path.GetTempFileName();
        byte[] plain = Picture("PNG");
        File.WriteAllBytes(path, ImageBytes.PngWithExif(plain, ImageBytes.Exif(8)));
        Assert.AreEqual(ExifOrientation.LeftBottom, ImageFile.ReadOrientation(path));
        int[,] stored = Grid(ImageFile.Load(plain));
        CollectionAssert.AreEqual(stored, Grid(ImageFile.Load(path, new ImageFileOptions { Orientation = ExifOrientation.TopLeft })));
        CollectionAssert.AreEqual(Turned.Upright(stored, 3), Grid(ImageFile.Load(path, new ImageFileOptions { Orientation = ExifOrientation.BottomRight })));
        Assert.ThrowsExactly<ArgumentException>(() => ImageFile.Load(path, new ImageFileOptions { Orientation = (ExifOrientation)9 }));
        File.Delete(path);
    }

    private static byte[] Picture(string container) => ImageBytes.Encode(
        Width, Height, (x, y) => new SKColor((byte)(x * 10), (byte)(y * 15), (byte)(x < 8 ? 255 : 0)),
        container.StartsWith("JPEG", StringComparison.Ordinal) ? SKEncodedImageFormat.Jpeg : container.StartsWith("WebP", StringComparison.Ordinal) ? SKEncodedImageFormat.Webp : SKEncodedImageFormat.Png);

    private static int[,] Grid(MLImage image)
    {
        using (image)
        {
            int[,] grid = new int[image.Height, image.Width];
            for (int i = 0; i < grid.Length; i++)
            {
                (int red, int green, int blue, _) = image.Pixel(i % image.Width, i / image.Width);
                grid[i / image.Width, i % image.Width] = (red << 16) | (green << 8) | blue;
            }

            return grid;
        }
    }
}
