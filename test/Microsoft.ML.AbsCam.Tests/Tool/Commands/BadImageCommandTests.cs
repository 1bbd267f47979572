using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class BadImageCommandTests : CommandTest
{
    [TestMethod]
    public async Task Images_that_cannot_be_read_are_named_and_the_others_are_explained()
    {
        byte[] noise = ImageBytes.Noise(100, SKEncodedImageFormat.Jpeg);
        Spot("photos/good-1.png");
        Write("photos/bomb.png", ImageBytes.Png(20000, 20000, 8, 2, [0]));
        Write("photos/cut.jpg", noise[..(noise.Length / 2)]);
        Write("photos/empty.jpg", Array.Empty<byte>());
        Write("photos/text.webp", "a text");
        Spot("photos/good-2.png");
        CommandResult result = await ExplainAsync(At("photos"));
        foreach (string problem in new[] { "bomb.png: the image is 20000 x 20000", "cut.jpg: the image is truncated", "empty.jpg: it is empty", "text.webp: this is not an image" })
        {
            Refused(result, problem, exitCode: 1);
        }

        StringAssert.Contains(result.Output, "explained 2 of 6 images, 2 maps");
        string[][] rows = Results();
        Assert.AreEqual("UnreadableImage,,,,maps,,0,0.0", string.Join(',', rows[0][1..]));
        Assert.AreEqual("UnreadableImage UnreadableImage UnreadableImage Ok Ok UnreadableImage", string.Join(' ', rows.Select(row => row[1])));
        Assert.HasCount(2, Directory.GetFiles(At("out", "maps")));
    }

    [TestMethod]
    public async Task Unusual_images_are_explained()
    {
        Write("photos/animated.gif", ImageBytes.AnimatedGif);
        Write("photos/animated.webp", ImageBytes.AnimatedWebP);
        Write("photos/cmyk.jpg", ImageBytes.CmykJpeg);
        Write("photos/deep.png", ImageBytes.Png(2, 2, 16, 2, [0, 9, 9, 9, 9, 9, 9, 200, 0, 200, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Write("photos/grey.png", ImageBytes.Png(2, 1, 8, 0, [0, 0, 255]));
        Write("photos/palette.png", ImageBytes.Png(2, 1, 8, 3, [0, 0, 1], [0, 0, 0, 255, 255, 255]));
        CommandResult result = await ExplainAsync(At("photos"));
        string[][] rows = Results();
        Assert.HasCount(6, rows);

        // A picture of one colour has a flat map; what counts here is that all were read.
        Assert.IsTrue(rows.All(row => row[1] is "Ok" or "Flat"), result.Errors);
        Assert.AreEqual("Ok Ok Ok", string.Join(' ', rows.Skip(3).Select(row => row[1])), result.Errors);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 3000)]
    [DataRow(20000, 2)]
    public async Task A_photo_may_have_any_shape(int width, int height)
    {
        Write("a.png", ImageBytes.Encode(width, height, (x, y) => x + y == 0 ? SKColors.White : SKColors.Gray, SKEncodedImageFormat.Png));
        foreach (string rule in new[] { "crop", "squash", "pad" })
        {
            CommandResult result = await ExplainAsync(At("a.png"), "--resize", rule, "--overwrite");
            Assert.IsTrue(Results().Single()[1] is "Ok" or "Flat", $"{rule}: {result.Errors}");
            OneLineEach(result);
        }
    }

    [TestMethod]
    public async Task A_picture_of_one_colour_is_said_to_be_flat()
    {
        Write("a.png", ImageBytes.Encode(64, 64, (_, _) => SKColors.White, SKEncodedImageFormat.Png));
        CommandResult result = await ExplainAsync(At("a.png"));
        Refused(result, "a.png: the map has one value everywhere", exitCode: 1);
        Assert.AreEqual("Flat,0", string.Join(',', Results().Single()[1..3]));
    }

    [TestMethod]
    public async Task An_image_that_cannot_be_read_is_reported_once_however_many_classes_are_asked_for()
    {
        Spot("photos/a.png");
        Write("photos/b.png", "a text");
        CommandResult result = await ExplainAsync(At("photos"), "--target", "top:3", "--save", "npy,report,parquet");
        Refused(result, "b.png: this is not an image", exitCode: 1);
        Assert.HasCount(2, result.Errors.Split("b.png"), result.Errors);
        Assert.HasCount(2, result.Errors.Split("a.png"), "its class without a map is named");
        StringAssert.Contains(result.Errors, "(class 2)");
        Assert.AreEqual("a.png a.png a.png b.png", string.Join(' ', Results().Select(row => row[0])));
        Assert.AreEqual(2, File.ReadAllText(At("out", "index.html")).Split("b.png").Length, "the page shows it once");
    }

    [TestMethod]
    public async Task Jpeg_files_are_taken_under_all_their_endings_and_what_is_passed_over_is_named()
    {
        foreach (string ending in new[] { "jpg", "jfif", "JPE", "pjpeg" })
        {
            Spot($"photos/{ending}.{ending}");
        }

        foreach (string other in new[] { "a.heic", "b.HEIC", "c.txt", "README", "d.a ending of its own" })
        {
            Write($"photos/deep/{other}", "no image");
        }

        CommandResult result = await ExplainAsync(At("photos"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.HasCount(4, Results());
        StringAssert.Contains(result.Output, "5 other files are passed over: 2 .heic, 1 .txt, 1 of unusual endings, 1 without an ending");
        Refused(await ExplainAsync(At("photos", "deep")), "5 other files are passed over: 2 .heic");
    }

    [TestMethod]
    public async Task What_an_earlier_run_wrote_is_not_counted_as_passed_over()
    {
        Spot("a.png");
        for (int run = 0; run < 2; run++)
        {
            Assert.AreEqual(0, (await RunAsync(["explain", Folder, "--model", Model(), "--output", Output, "--phase", "initial", .. BrightnessNetwork.Options])).ExitCode);
        }

        CommandResult result = await RunAsync(["explain", Folder, "--model", Model(), "--output", Output, "--phase", "initial", .. BrightnessNetwork.Options]);
        StringAssert.Contains(result.Output, "1 other file is passed over: 1 .onnx");
    }

    [TestMethod]
    public async Task A_folder_that_is_called_like_a_photo_is_passed_by()
    {
        Spot("photos/a.png");
        Directory.CreateDirectory(At("photos", "folder.jpg"));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
        Refused(await ExplainAsync(At("photos", "folder.jpg")), "folder.jpg' has no images in it");
    }

    [TestMethod]
    public async Task A_link_to_nothing_is_named()
    {
        Spot("photos/a.png");
        File.CreateSymbolicLink(At("photos", "b.png"), At("nowhere.png"));
        Refused(await ExplainAsync(At("photos")), "b.png: ", exitCode: 1);
    }

    [TestMethod]
    public async Task A_file_that_may_not_be_read_is_named()
    {
        string path = Spot("photos/a.png");
        Spot("photos/b.png");
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            throw new AssertInconclusiveException("needs a user whom file permissions bind");
        }

        File.SetUnixFileMode(path, UnixFileMode.None);
        Refused(await ExplainAsync(At("photos")), "a.png: the file cannot be read", exitCode: 1);
    }
}
