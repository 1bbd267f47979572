using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Audit;
using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Audits;

/// <summary>Two runs of 'abscam explain' beside each other.</summary>
[TestClass]
public sealed class DiffCommandTests : RedOrGreenCommandTest
{
    [TestMethod]
    public async Task A_run_is_as_it_is_itself_also_where_its_maps_are_kept_otherwise()
    {
        Draw(40, share: 0);
        await RunOfAsync("one", "--truth", "folder");
        await RunOfAsync("other", "--save", "parquet", "--parquet-maps", "byte");
        CommandResult diff = await DiffAsync();
        Assert.AreEqual(0, diff.ExitCode, diff.Errors);
        StringAssert.Contains(diff.Output, "40 pictures compared, 0 findings");
        StringAssert.Contains(diff.Output, "both runs are of one model");
        Refused(await DiffAsync(), "--overwrite");
        Refused(await RunAsync(["diff", At("one"), At("other"), "--output", At("one"), "--overwrite"]), "holds a run of 'abscam explain', whose page this one's would replace");
        StringAssert.Contains(File.ReadAllText(At("diff", "index.html")), "Nothing was found in 40 pictures.");
    }

    [TestMethod]
    public async Task A_network_that_sees_green_everywhere_is_told_with_pictures_of_it()
    {
        Draw(40, share: 0);
        await RunOfAsync("one", "--truth", "folder");
        await RunOfAsync("other", "--mean", "0,-1,0");
        CommandResult diff = await DiffAsync();
        Assert.AreEqual(0, diff.ExitCode, diff.Errors);
        StringAssert.Contains(diff.Output, "the networks take photos otherwise");
        StringAssert.Contains(diff.Output, "'red' is known worse: 20 of its 20 pictures are right in the first, 0 in the second");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(At("diff", "findings.json")));
        JsonElement finding = json.RootElement.GetProperty("findings")[0];
        Assert.AreEqual("answers", finding.GetProperty("kind").GetString());
        Assert.AreEqual(20, finding.GetProperty("rowNames").GetArrayLength());
        Assert.IsTrue(File.Exists(At("diff", finding.GetProperty("pictures")[0].GetProperty("after").GetString()!)));
        string page = File.ReadAllText(At("diff", "index.html"));
        foreach (string told in (string[])["What changed between two runs", "data-tab=\"Findings\"", "under the second run", "../photos/red/"])
        {
            StringAssert.Contains(page, told);
        }

        Assert.IsFalse(page.Contains("<span>control", StringComparison.Ordinal), "two runs have no control");

        // Names lead to the second run's rows, whatever the order of the first.
        string rows = page[(page.IndexOf("id=\"findings-rows\">", StringComparison.Ordinal) + 19)..];
        using JsonDocument placed = JsonDocument.Parse(rows[..rows.IndexOf("</script>", StringComparison.Ordinal)]);
        Assert.AreEqual(20, placed.RootElement[0].GetProperty("rows").EnumerateArray().Select(row => row.GetInt64()).Distinct().Count(row => row is >= 0 and < 40));
    }

    [TestMethod]
    public async Task Heat_that_left_the_object_is_told_by_the_share_that_evaluate_measures()
    {
        Draw(24, share: 0);
        foreach (string photo in Directory.GetFiles(At("photos"), "*.png", SearchOption.AllDirectories))
        {
            // The patch, which is brighter than the ground.
            using SKBitmap pixels = SKBitmap.Decode(photo);
            Write(
                $"masks/{Path.GetRelativePath(At("photos"), photo)}",
                ImageBytes.Encode(RedOrGreen.Side, RedOrGreen.Side, (x, y) => Math.Max(pixels.GetPixel(x, y).Red, pixels.GetPixel(x, y).Green) > 128 ? SKColors.White : SKColors.Black, SKEncodedImageFormat.Png));
        }

        await RunOfAsync("one");
        Assert.AreEqual(0, (await RunAsync(["explain", At("photos"), .. Options(), "--method", "center-gaussian", "--output", At("other")])).ExitCode);
        Refused(await DiffAsync("--object-masks", At("masks"), "--boxes", At("nowhere")), "--boxes and --object-masks both say where objects are");
        CommandResult diff = await DiffAsync("--object-masks", At("masks"));
        Assert.AreEqual(0, diff.ExitCode, diff.Errors);
        foreach (string method in (string[])["hires-cam", "center-gaussian"])
        {
            Assert.AreEqual(0, (await RunAsync(["evaluate", At("photos"), .. Options(), "--method", method, "--object-masks", At("masks"), "--measures", "energy-pointing", "--output", At(method)])).ExitCode);
        }

        double shareOf(string method) => double.Parse(Csv.Parse(File.ReadAllText(At(method, "classes.csv"))).Single(line => line[1] == "red" && line[3] == "energy-pointing")[4], CultureInfo.InvariantCulture);
        Match told = Regex.Match(diff.Output, "the heat of 'red' lies less on the object: ([0-9]+) ?% of it in the first, ([0-9]+) ?% in the second");
        Assert.IsTrue(told.Success, diff.Output);
        Assert.AreEqual(100 * shareOf("hires-cam"), double.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture), 0.6);
        Assert.AreEqual(100 * shareOf("center-gaussian"), double.Parse(told.Groups[2].Value, CultureInfo.InvariantCulture), 0.6);

        Directory.Delete(At("masks"), recursive: true);
        Write("masks/red/nothing.png", ImageBytes.Encode(4, 4, (_, _) => SKColors.White, SKEncodedImageFormat.Png));
        diff = await DiffAsync("--object-masks", At("masks"), "--overwrite");
        StringAssert.Contains(diff.Errors, "24 pictures, such as");
        StringAssert.Contains(diff.Errors, "it is not known where the object is: there is no mask");
    }

    [TestMethod]
    public async Task Every_test_says_what_it_would_have_found()
    {
        Draw(40, share: 0);
        await RunOfAsync("one", "--truth", "folder");
        await RunOfAsync("other", "--mean", "0,-0.02,0");
        CommandResult diff = await DiffAsync();
        Assert.IsTrue(diff.ExitCode is 0, diff.Errors);
        foreach (string test in (string[])["Certainty", "Places"])
        {
            StringAssert.Matches(diff.Output, new Regex($"- {test}: .*would be found in each"), test);
        }
    }

    [TestMethod]
    public async Task What_cannot_be_compared_is_refused_and_missing_photos_are_told()
    {
        Draw(8, share: 0);
        await RunOfAsync("one");
        Refused(await DiffAsync(), "holds no run of 'abscam explain'");
        await RunOfAsync("other", "--target", "red");
        Refused(await DiffAsync(), "The runs explain other things: --target is 'predicted'");
        await RunOfAsync("other", "--overwrite", "--save", "report");
        Refused(await DiffAsync(), "kept no maps");
        File.WriteAllText(At("labels.txt"), "rouge\nvert");
        await RunAsync(["explain", At("photos"), "--model", At("model.onnx"), "--labels", At("labels.txt"), "--method", "hires-cam", "--output", At("other"), "--overwrite"]);
        Refused(await DiffAsync(), "no class in common");
        File.Delete(At("photos", "red", "0.png"));
        await RunOfAsync("other", "--overwrite");
        CommandResult diff = await DiffAsync();
        Assert.AreEqual(1, diff.ExitCode, diff.Errors);
        StringAssert.Contains(diff.Errors, "1 photo not compared: this picture is in the first alone");
    }

    private Task<CommandResult> RunOfAsync(string output, params string[] options)
        => RunAsync(["explain", At("photos"), .. options.Contains("--mean") ? Options()[..4] : Options(), .. options.Contains("--mean") ? (string[])["--std", "1,1,1"] : [], "--method", "hires-cam", "--output", At(output), .. options]);

    private Task<CommandResult> DiffAsync(params string[] options) => RunAsync(["diff", At("one"), At("other"), "--output", At("diff"), .. options]);
}
