using System.Text.Json;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Tool.Report;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>Questions of the command, on the embedded networks: what is taken is said, and what cannot be asked is refused by name.</summary>
[TestClass]
public class TargetCommandTests : CommandTest
{
    private const int Side = 64;

    [TestMethod]
    public async Task Where_a_place_is_asked_about_the_method_shows_it_unless_one_is_named()
    {
        Crowd("photos/a.png");
        CommandResult result = await AskAsync(DemoTaskNetwork.Detector, "box:best");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "detector.onnx is taken to find objects (detect): the output is 196 boxes");
        StringAssert.Contains(result.Output, "the question is about a place, so the method is layer-cam: abs-cam, the usual one, weighs whole channels");
        StringAssert.Contains(Page(), "<dt>Method</dt><dd>layer-cam</dd>");
        StringAssert.Contains(Page(), "<dt>Task</dt><dd>find objects (detect): the output is 196 boxes");

        result = await AskAsync(DemoTaskNetwork.Detector, "box:best", "--method", "abs-cam", "--overwrite");
        StringAssert.Contains(result.Output, "The question is about a place, and 'abs-cam' weighs whole channels");
        StringAssert.Contains(Page(), "<dt>Method</dt><dd>abs-cam: Abs-CAM");
        Assert.IsFalse((await AskAsync(DemoTaskNetwork.Detector, "box:best", "--method", "hires-cam", "--overwrite")).Output.Contains("whole channels", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task A_task_is_said_and_refused_by_name_and_told_by_layers()
    {
        Crowd("photos/a.png");
        string model = Write("segmenter.onnx", DemoTaskNetwork.Segmenter.ReadOnnx());
        StringAssert.Contains((await RunAsync("layers", model)).Output, "taken to tell the class of each pixel (segment): the output is scores of 11 classes for each of 112 x 112 pixels");
        Refused(await RunAsync("layers", model, "--task", "detect"), "segmenter.onnx: it is opened to find objects (detect), and no output holds boxes with scores [batch, boxes, numbers] or [batch, numbers, boxes]: 'logits' [1, 11, 112, 112]");
        Refused(await AskAsync(DemoTaskNetwork.Twins, "predicted", "--task", "embed"), "has no classes: the predicted class cannot be asked");
        Refused(await AskAsync(DemoTaskNetwork.Twins, "predicted", "--task", "regress"), "--target output:0 to output:7");
        Assert.IsFalse(Directory.Exists(Output));
        Assert.AreEqual(0, (await AskAsync(DemoTaskNetwork.Twins, "output:3", "--task", "regress", "--method", "grad-cam")).ExitCode);
        StringAssert.Contains(Page(), "<dt>Task</dt><dd>estimate numbers (regress): so it is asked");
        Refused(await AskAsync(DemoTaskNetwork.Twins, "output:3", "--task", "classify", "--method", "grad-cam", "--resume"), "(other task)");
    }

    [TestMethod]
    public async Task A_region_comes_from_a_folder_of_masks_and_its_files_are_refused_by_name()
    {
        Crowd("photos/a.png");
        Crowd("photos/b.png");
        Mask("masks/a.png", Side, (x, _) => x < 32);
        string masks = At("masks");
        Refused(await AskAsync(DemoTaskNetwork.Segmenter, $"region:1@{At("nowhere")}"), "a folder of mask images is expected");
        Refused(await AskAsync(DemoTaskNetwork.Segmenter, $"region:1@{masks}"), "the folder holds no mask of 1 of the 2 images, such as 'b.png': 'b.png' is expected");

        Mask("masks/b.png", Side - 1, (_, _) => true);
        CommandResult result = await AskAsync(DemoTaskNetwork.Segmenter, $"region:1@{masks}");
        Assert.AreEqual(1, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Errors, $"b.png: the mask of its region, '{At("masks", "b.png")}', is 63 x 63, and the photo 64 x 64 as it is shown (width x height)");
        CollectionAssert.AreEqual((string[])["Ok", "TargetNotFound"], Results().Select(row => row[1]).ToArray());

        Mask("masks/b.png", Side, (_, _) => false);
        result = await AskAsync(DemoTaskNetwork.Segmenter, $"region:1@{masks}", "--resume");
        Assert.AreEqual(2, result.ExitCode, "other masks are another question");
        result = await AskAsync(DemoTaskNetwork.Segmenter, $"region:1@{masks}", "--overwrite");
        StringAssert.Contains(result.Errors, "is black all over, so no region is asked about");

        // Another half of the picture is another question.
        Mask("masks/b.png", Side, (x, _) => x >= 32);
        result = await AskAsync(DemoTaskNetwork.Segmenter, $"region:1@{masks}", "--overwrite");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] maps = [.. Results().Select(row => row[6])];
        CollectionAssert.AreNotEqual(Map(maps[0], DemoNetwork.InputSize).Values, Map(maps[1], DemoNetwork.InputSize).Values);
    }

    [TestMethod]
    public async Task Pixels_of_whole_photos_are_those_of_photos_at_their_own_size()
    {
        // A photo at half its size has something else at these pixels, or nothing.
        CrowdedScene scene = CrowdedScenes.Draw(DemoScenes.FirstHeldOutSeed, 800);
        CrowdedObject thing = scene.Objects.MaxBy(thing => thing.Left + thing.Top)!;
        using SKBitmap picture = SKBitmap.Decode(scene.EncodePng());
        using SKData jpeg = picture.Encode(SKEncodedImageFormat.Jpeg, 95);
        Write("photos/a.jpg", jpeg.ToArray());
        string box = $"box:{thing.Left},{thing.Top},{thing.Width},{thing.Height}";
        Refused(await AskAsync(DemoTaskNetwork.Detector, box, "--decode", "reduced"), "speaks of pixels of whole photos");
        CommandResult result = await AskAsync(DemoTaskNetwork.Detector, box, "--save", "npy");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        byte[] whole = File.ReadAllBytes(At("out", Results()[0][6]));
        Assert.AreEqual(0, (await AskAsync(DemoTaskNetwork.Detector, box, "--save", "npy", "--decode", "whole", "--overwrite")).ExitCode);
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(At("out", Results()[0][6])));
    }

    [TestMethod]
    public async Task A_wrong_class_is_told_from_the_true_one_and_a_right_one_says_that_it_is_right()
    {
        TwinScene[] scenes = [.. TwinScenes.HeldOut(2)];
        foreach ((int i, TwinScene scene) in scenes.Index())
        {
            Write($"photos/{i}.png", scene.EncodePng());
        }

        Refused(await AskAsync(DemoTaskNetwork.Twins, "contrast:truth"), "the true classes are to come from --truth @FILE.csv or --truth folder");
        string file = Write("truth.csv", ["image,target", $"0.png,{scenes[0].ClassName}", $"1.png,{TwinScenes.ClassNames[scenes[1].TwinClassIndex]}"]);
        CommandResult result = await AskAsync(DemoTaskNetwork.Twins, "contrast:truth", "--truth", $"@{file}", "--phase", "initial");
        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Contains(result.Errors, "0.png: the network is right here: it predicts the true class, and a class cannot be told from itself.");
        CollectionAssert.AreEqual((string[])["Flat", "Ok"], Results().Select(row => row[1]).ToArray());
        StringAssert.Contains(Page(), "the predicted class against the true one");
        byte[] told = File.ReadAllBytes(At("out", Results()[1][6]));
        Assert.AreEqual(1, (await AskAsync(DemoTaskNetwork.Twins, $"contrast:@{file}", "--phase", "initial", "--overwrite")).ExitCode);
        CollectionAssert.AreEqual(told, File.ReadAllBytes(At("out", Results()[1][6])));
    }

    [TestMethod]
    public async Task A_contrast_is_asked_both_ways_and_pages_have_both_maps()
    {
        TwinScene scene = TwinScenes.HeldOut(1).Single();
        Write("photos/0.png", scene.EncodePng());
        string twin = TwinScenes.ClassNames[scene.TwinClassIndex];
        Refused(await AskAsync(DemoTaskNetwork.Twins, "contrast:both:runner-up"), "asked one way");
        CommandResult result = await AskAsync(DemoTaskNetwork.Twins, $"contrast:both:{twin}", "--method", "hires-cam");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        JsonElement[] targets = [.. PageText.Rows(File.ReadAllText(At("out", "index.html"))).Single().GetProperty("targets").EnumerateArray()];
        CollectionAssert.AreEqual((string[])[scene.ClassName, twin], targets.Select(target => target.GetProperty("label").GetString()).ToArray());
        CollectionAssert.AreEqual((string[])[twin, scene.ClassName], targets.Select(target => target.GetProperty("against").GetString()).ToArray());
        StringAssert.Contains(Page(), "and the other way round");

        byte[] opposite = File.ReadAllBytes(At("out", "maps", "0-2.npy"));
        CollectionAssert.AreNotEqual(opposite, File.ReadAllBytes(At("out", "maps", "0-1.npy")));

        // Where the other class comes from a file, both ways take it from there.
        string file = Write("twins.csv", ["image,target", $"0.png,{twin}"]);
        await AskAsync(DemoTaskNetwork.Twins, $"contrast:both:@{file}", "--method", "hires-cam", "--overwrite");
        CollectionAssert.AreEqual(opposite, File.ReadAllBytes(At("out", "maps", "0-2.npy")));
    }

    private Task<CommandResult> AskAsync(DemoTaskNetwork network, string target, params string[] options) => RunAsync(
    [
        "explain", At("photos"), "--model", Write($"{network.Name}.onnx", network.ReadOnnx()), "--labels", Write("labels.txt", [.. network.Classes]), "--output", Output,
        "--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std), "--target", target, .. options,
    ]);

    private string Page() => System.Net.WebUtility.HtmlDecode(File.ReadAllText(At("out", "index.html")));

    private void Crowd(string name) => Write(name, CrowdedScenes.Draw(DemoScenes.FirstHeldOutSeed, Side).EncodePng());

    private void Mask(string name, int side, Func<int, int, bool> isInside)
        => Write(name, ImageBytes.Encode(side, side, (x, y) => isInside(x, y) ? SKColors.White : SKColors.Black, SKEncodedImageFormat.Png));
}
