using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
[DoNotParallelize]
public class BadImageFileTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_missing_file_is_named() => Refused(Path.Combine(_folder, "none.jpg"), "no such file");

    [TestMethod]
    public void A_folder_is_named() => Refused(_folder, "folder");

    [TestMethod]
    public void An_empty_file_is_named() => Refused(Written([]), "empty");

    [TestMethod]
    public void A_text_file_is_named() => Refused(Written("not an image at all"u8.ToArray()), "not an image");

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Jpeg)]
    [DataRow(SKEncodedImageFormat.Png)]
    [DataRow(SKEncodedImageFormat.Webp)]
    public void A_truncated_file_is_refused(SKEncodedImageFormat format)
    {
        var bytes = ImageBytes.Noise(200, format);
        Refused(Written(bytes[..(bytes.Length / 2)]), "truncated");
    }

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Jpeg)]
    [DataRow(SKEncodedImageFormat.Png)]
    public void A_truncated_file_says_how_much_is_there(SKEncodedImageFormat format)
    {
        var bytes = ImageBytes.Noise(200, format);
        var message = Refused(Written(bytes[..(bytes.Length / 2)]), "truncated");
        var share = int.Parse(System.Text.RegularExpressions.Regex.Match(message, @"about (\d+) %").Groups[1].Value);
        Assert.IsTrue(share is > 35 and < 60, message);
    }

    [TestMethod]
    public void A_file_cut_inside_its_header_is_refused()
    {
        var bytes = ImageBytes.Encode(20, 20, (_, _) => SKColors.Red, SKEncodedImageFormat.Jpeg);
        Refused(Written(bytes[..20]), "not an image");
    }

    [TestMethod]
    public void A_huge_image_is_refused_from_its_header_without_taking_memory()
    {
        var bomb = ImageBytes.Png(20000, 20000, 8, 2, [0]);
        var before = Environment.WorkingSet;
        Refused(Written(bomb), "20000 x 20000");
        Assert.IsLessThan(200L << 20, Environment.WorkingSet - before);
    }

    [TestMethod]
    public void Limits_can_be_set()
    {
        var path = Written(ImageBytes.AnimatedGif);
        Refused(path, "more than 5 pixels", new ImageFileOptions { MaxPixels = 5 });
        Refused(path, "more than 50 bytes", new ImageFileOptions { MaxBytes = 50 });
        ImageFile.Load(path, new ImageFileOptions { MaxPixels = 6 }).Dispose();
        Assert.ThrowsExactly<ArgumentException>(() => ImageFile.Load(path, new ImageFileOptions { MaxPixels = 0 }));
        Assert.ThrowsExactly<ArgumentException>(() => ImageFile.Load(path, new ImageFileOptions { MaxBytes = 0 }));
        Assert.ThrowsExactly<ArgumentException>(() => ImageFile.Load(path, new ImageFileOptions { MinimumSize = 0 }));
    }

    [TestMethod]
    public void A_stream_that_cannot_seek_is_limited_too()
    {
        using var stream = new System.IO.Compression.DeflateStream(new MemoryStream(Deflated(1 << 20)), System.IO.Compression.CompressionMode.Decompress);
        var e = Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(stream, "upload", new ImageFileOptions { MaxBytes = 1000 }));
        StringAssert.StartsWith(e.Message, "upload: ");
        Assert.AreEqual("upload", e.Path);
    }

    [TestMethod]
    public void Streams_and_bytes_fail_the_same_way()
    {
        Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(new MemoryStream()));
        Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(ReadOnlySpan<byte>.Empty));
        Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load("GIF89a"u8));
    }

    private static byte[] Deflated(int zeros)
    {
        using var memory = new MemoryStream();
        using (var deflate = new System.IO.Compression.DeflateStream(memory, System.IO.Compression.CompressionLevel.Fastest))
        {
            deflate.Write(new byte[zeros]);
        }

        return memory.ToArray();
    }

    private static string Refused(string path, string because, ImageFileOptions? options = null)
    {
        var e = Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(path, options));
        Assert.AreEqual(path, e.Path);
        StringAssert.StartsWith(e.Message, path);
        StringAssert.Contains(e.Message, because);
        return e.Message;
    }

    private string Written(byte[] bytes)
    {
        var path = Path.Combine(_folder, "image.bin");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
