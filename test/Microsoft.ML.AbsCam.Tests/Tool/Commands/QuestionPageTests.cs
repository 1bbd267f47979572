using System.Text.Json;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Tool.Report;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>Pages show what was asked: the box, the region, the class that it is told from, the picture that it is compared with.</summary>
[TestClass]
public class QuestionPageTests : CommandTest
{
    [TestMethod]
    public async Task The_box_of_a_detection_is_drawn_on_photo_and_overlay()
    {
        CrowdedScene scene = CrowdedScenes.HeldOut(1).Single();
        CrowdedObject asked = scene.Objects.MaxBy(thing => thing.Width * thing.Height)!;
        await AskAsync(DemoTaskNetwork.Detector, $"box:{asked.Left},{asked.Top},{asked.Width},{asked.Height}", scene.EncodePng());
        StringAssert.Contains(Page(), "which parts of the picture spoke for one box, which is drawn");
        (int x, int y) = (asked.Left + (asked.Width / 2), asked.Top + (asked.Height / 2));
        using (MLImage overlay = ImageFile.Load(Directory.GetFiles(At("out", "overlays")).Single()))
        {
            // The box that the network found lies on the object's, within a few of its own pixels.
            Assert.IsTrue(Enumerable.Range(asked.Left - 8, 17).Any(column => IsLine(overlay, column, y)), "left side");
            Assert.IsTrue(Enumerable.Range(asked.Top - 8, 17).Any(row => IsLine(overlay, x, row)), "upper side");
        }

        using SKPath mark = Mark();
        Assert.AreEqual(asked.Left, mark.Bounds.Left, 8);
        Assert.AreEqual(asked.Top, mark.Bounds.Top, 8);
    }

    [TestMethod]
    public async Task The_region_of_a_class_is_outlined()
    {
        CrowdedScene scene = CrowdedScenes.HeldOut(2).Last();
        CrowdedObject asked = scene.Objects.MaxBy(thing => thing.Width * thing.Height)!;
        await AskAsync(DemoTaskNetwork.Segmenter, $"region:{asked.ClassName}", scene.EncodePng());
        StringAssert.Contains(Page(), "which is outlined");
        using SKPath mark = Mark();
        Assert.IsTrue(mark.Bounds.IntersectsWith(new SKRect(asked.Left, asked.Top, asked.Left + asked.Width, asked.Top + asked.Height)));
        Assert.IsTrue(mark.Points.Any(point => point.X > asked.Left - 8 && point.X < asked.Left + (asked.Width / 2) && Math.Abs(point.Y - asked.Top - (asked.Height / 2)) < 2));
    }

    [TestMethod]
    public async Task Both_classes_of_a_contrast_are_named()
    {
        await AskAsync(DemoTaskNetwork.Twins, "contrast:runner-up", TwinScenes.HeldOut(1).Single().EncodePng());
        JsonElement row = Target();
        CollectionAssert.AreEquivalent(TwinScenes.ClassNames.Take(2).ToArray(), (string[])[row.GetProperty("label").GetString()!, row.GetProperty("against").GetString()!]);
        StringAssert.Contains(Page(), "and another class that it is told from");
    }

    [TestMethod]
    public async Task The_picture_that_others_are_compared_with_stands_beside_them()
    {
        byte[] picture = TwinScenes.HeldOut(1).Single().EncodePng();
        string other = Write("other <b>.png", picture);
        await AskAsync(DemoTaskNetwork.Twins, $"similar:{other}", picture);
        StringAssert.Contains(Page(), "compared with <b>other &lt;b&gt;.png</b>");
        StringAssert.Contains(Page(), "<img id=\"reference\" alt=\"\" src=\"data:image/jpeg;base64,");
        Assert.AreEqual(("likeness", "1"), (Target().GetProperty("title").GetString(), Target().GetProperty("value").GetString()), "a picture is like itself");
        Assert.IsFalse(Target().TryGetProperty("against", out _));
    }

    [TestMethod]
    public async Task A_number_is_shown_as_it_is()
    {
        await AskAsync(DemoTaskNetwork.Twins, "output:2", TwinScenes.HeldOut(1).Single().EncodePng(), "--task", "regress");
        float value = float.Parse(Results().Single()[4], System.Globalization.CultureInfo.InvariantCulture);
        Assert.AreEqual(value.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture), Target().GetProperty("value").GetString());
        StringAssert.Contains(Page(), "that makes 8 numbers of a picture");
    }

    private async Task AskAsync(DemoTaskNetwork network, string target, byte[] picture, params string[] options)
    {
        CommandResult result = await RunAsync(
        [
            "explain", Write("photos/a.png", picture), "--model", Write($"{network.Name}.onnx", network.ReadOnnx()), "--labels", Write("labels.txt", [.. network.Classes]), "--output", Output,
            "--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std), "--target", target, "--method", "layer-cam", "--save", "overlay,report", .. options,
        ]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
    }

    // Lines are light blue, and their borders dark: nothing of the drawn scenes is as light and as blue.
    private static bool IsLine(MLImage picture, int x, int y) => picture.Pixel(x, y) is { Red: < 190, Green: > 190, Blue: > 200 };

    private string Page() => File.ReadAllText(At("out", "index.html"));

    private JsonElement Target() => PageText.OnlyTarget(Page());

    private SKPath Mark() => SKPath.ParseSvgPathData(PageText.Details(Page()).Single().GetProperty("mark").GetString());
}
