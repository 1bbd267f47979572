using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>abscam compare and abscam evaluate, on spots whose place is known.</summary>
[TestClass]
public sealed class CompareCommandTests : CommandTest
{
    private const int Side = 96;

    private static readonly string[] Tables = ["comparison.csv", "curves.csv", "rows.csv"];

    [TestMethod]
    public async Task A_comparison_is_a_table_with_baselines_curves_rows_and_a_page()
    {
        Spots(5);
        CommandResult result = await CompareAsync("--methods", "grad-cam,abs-cam-initial", "--steps", "8", "--object-masks", At("masks"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] methods = ["grad-cam", "abs-cam-initial", "random", "center-gaussian"];
        string[][] table = Table("comparison.csv");
        CollectionAssert.AreEqual(methods, table.Select(line => line[0]).Distinct().ToArray());
        foreach (string method in methods)
        {
            string[][] lines = [.. table.Where(line => line[0] == method)];
            CollectionAssert.IsSubsetOf((string[])["deletion", "insertion", "pointing", "energy-pointing", "drop", "forwards"], lines.Select(line => line[1]).ToArray());
            Assert.IsTrue(lines.Where(line => line[1] is "deletion" or "pointing").All(line => line[6] == "5" && Number(line[4]) <= Number(line[3]) && Number(line[3]) <= Number(line[5])), method);
        }

        // The network's maps are the brightness, so they point at the spot, and the middle of the picture does not.
        Assert.AreEqual(1, Mean(table, "grad-cam", "pointing"));
        Assert.IsLessThan(Mean(table, "grad-cam", "energy-pointing"), Mean(table, "center-gaussian", "energy-pointing"));
        Assert.HasCount(4 * 2 * 9, Table("curves.csv"));
        Assert.HasCount(4 * 5, Table("rows.csv"));
        string page = File.ReadAllText(At("out", "index.html"));
        Assert.AreEqual(5, page.Split("<img ").Length - 1, "a photo a row");
        Assert.AreEqual(5 * 4, page.Split("<canvas class=\"heat\"").Length - 1, "four maps a row, which the page draws");
        StringAssert.Contains(page, "<svg");
        StringAssert.Contains(page, "rise, 8 steps");
        StringAssert.Contains(result.Output, "deletion");
    }

    [TestMethod]
    public async Task An_interrupted_comparison_goes_on_and_gives_the_same_table()
    {
        Spots(5);
        string[] options = ["--methods", "abs-cam,grad-cam", "--steps", "4", "--batch", "2"];
        Assert.AreEqual(0, (await CompareAsync(options)).ExitCode);
        string[] undisturbed = Files();
        string journal = At("out", "comparison.journal");
        string[] lines = File.ReadAllLines(journal);
        foreach (int kept in Enumerable.Range(1, lines.Length - 1).Where(kept => kept is 1 or 2 or 7 || kept == lines.Length - 1))
        {
            // A process that is killed leaves half a line.
            File.WriteAllText(journal, string.Join('\n', lines[..kept]) + "\n" + lines[^1][..20]);
            CommandResult again = await CompareAsync([.. options, "--resume"]);
            Assert.AreEqual(0, again.ExitCode, again.Errors);
            CollectionAssert.AreEqual(undisturbed, Files(), $"{kept} lines were kept");
        }

        string[] Files() => [.. Tables.Select(name => string.Join('\n', File.ReadAllLines(At("out", name)).Where(line => !line.Contains("milliseconds", StringComparison.Ordinal))))];
    }

    [TestMethod]
    public async Task A_journal_of_other_options_is_not_gone_on_with()
    {
        Spots(1);
        Assert.AreEqual(0, (await CompareAsync("--methods", "grad-cam", "--steps", "4")).ExitCode);
        Refused(await CompareAsync("--methods", "grad-cam", "--steps", "5", "--resume"), "other measures");
        Refused(await CompareAsync("--methods", "grad-cam,score-cam", "--steps", "4"), "Add --resume to go on");
        Assert.AreEqual(0, (await CompareAsync("--methods", "grad-cam,layer-cam", "--steps", "4", "--resume")).ExitCode, "one method more is no other comparison");
    }

    [TestMethod]
    public async Task A_photo_that_changed_is_measured_anew()
    {
        Spots(2);
        Assert.AreEqual(0, (await CompareAsync("--methods", "grad-cam", "--steps", "4")).ExitCode);
        string before = File.ReadAllText(At("out", "rows.csv"));
        Spot("photos/0.png", Side, Side, 70, 20);
        Assert.AreEqual(0, (await CompareAsync("--methods", "grad-cam", "--steps", "4", "--resume")).ExitCode);
        Assert.AreNotEqual(before, File.ReadAllText(At("out", "rows.csv")));
    }

    [TestMethod]
    public async Task What_cannot_be_measured_is_named_and_the_rest_is_measured()
    {
        Spots(2);
        Write("photos/broken.png", "no picture");
        Write("boxes/0.xml", "<annotation><filename>0.png</filename><object><name>bright</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>96</xmax><ymax>96</ymax></bndbox></object></annotation>");
        CommandResult result = await CompareAsync("--methods", "grad-cam", "--steps", "4", "--boxes", At("boxes"), "--target", "bright");
        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Contains(result.Errors, "broken.png");
        StringAssert.Contains(result.Errors, "1.png: not measured: there is no box of the class");
        string[][] table = Table("comparison.csv");
        Assert.AreEqual("2", table.Single(line => line[0] == "grad-cam" && line[1] == "deletion")[6]);
        Assert.AreEqual("1", table.Single(line => line[0] == "grad-cam" && line[1] == "pointing")[6]);
    }

    [TestMethod]
    public async Task Maps_from_files_are_measured_like_those_that_are_made_here()
    {
        Spots(3);
        Assert.AreEqual(0, (await RunAsync(["explain", At("photos"), "--model", Model(), "--output", At("explained"), "--method", "grad-cam", .. BrightnessNetwork.Options])).ExitCode);
        Assert.AreEqual(0, (await EvaluateAsync("--method", "grad-cam")).ExitCode);
        string[][] made = Table("rows.csv");
        Directory.Delete(At("out"), recursive: true);
        CommandResult result = await EvaluateAsync("--maps", At("explained", "maps"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] read = Table("rows.csv");
        for (int row = 0; row < 3; row++)
        {
            CollectionAssert.AreEqual(made[row].Where((_, column) => column != 1).ToArray(), read[row].Where((_, column) => column != 1).ToArray());
        }
    }

    [TestMethod]
    public async Task Maps_of_the_photos_size_are_laid_over_the_whole_photo()
    {
        Write("photos/wide.png", ImageBytes.Encode(192, 96, SpotAt(96, 48), SKEncodedImageFormat.Png));
        float[] values = [.. Enumerable.Range(0, 96 * 192).Select(i => i / 192 is >= 40 and < 56 && i % 192 is >= 88 and < 104 ? 1f : 0)];
        Directory.CreateDirectory(At("maps"));
        WriteMap("wide.npy", values, 96, 192);
        CommandResult refused = await EvaluateAsync("--maps", At("maps"));
        Assert.AreEqual(1, refused.ExitCode);
        StringAssert.Contains(refused.Errors, "has not the proportions of the network's input");
        Directory.Delete(At("out"), recursive: true);
        CommandResult result = await EvaluateAsync("--maps", At("maps"), "--map-extent", "photo");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
    }

    [TestMethod]
    public async Task A_photo_without_a_map_file_is_named()
    {
        Spots(2);
        Directory.CreateDirectory(At("maps"));
        WriteMap("0.npy", [0, 1, 2, 3], 2, 2);
        CommandResult result = await EvaluateAsync("--maps", At("maps"), "--measures", "deletion");
        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Contains(result.Errors, "1.png");
        StringAssert.Contains(result.Errors, "there is no map");
        Assert.AreEqual("1", Table("comparison.csv").Single(line => line[1] == "deletion")[6]);
    }

    [TestMethod]
    [DataRow("a method is there twice", "'grad-cam' is there twice", "--methods", "grad-cam,grad-cam")]
    [DataRow("an unknown method", "gradcam", "--methods", "gradcam")]
    [DataRow("an unknown measure", "--measures speed", "--measures", "speed")]
    [DataRow("objects nobody knows", "--measures pointing: it needs to know where objects are", "--measures", "pointing")]
    [DataRow("several classes", "one class a photo is compared", "--target", "top:2")]
    [DataRow("an unknown protocol", "--protocol slow", "--protocol", "slow")]
    [DataRow("more steps than pixels", "and the network's input has 4096 pixels", "--steps", "5000")]
    [DataRow("no annotations", "--boxes nowhere.json", "--boxes", "nowhere.json")]
    [DataRow("a layer that is not there", "no layer named 'nowhere'", "--layer", "nowhere")]
    public async Task Wrong_usage_is_refused_before_anything_runs(string why, string because, params string[] options)
    {
        Spots(1);
        CommandResult result = await CompareAsync(options);
        Refused(result, because);
        Assert.IsFalse(File.Exists(At("out", "comparison.csv")), why);
    }

    [TestMethod]
    public async Task A_sample_is_the_same_for_the_same_seed()
    {
        Spots(6);
        Assert.AreEqual(0, (await CompareAsync("--methods", "grad-cam", "--steps", "4", "--sample", "2", "--seed", "5")).ExitCode);
        string[] first = Images();
        Assert.HasCount(2, first);
        Directory.Delete(At("out"), recursive: true);
        Assert.AreEqual(0, (await CompareAsync("--methods", "grad-cam", "--steps", "4", "--sample", "2", "--seed", "5")).ExitCode);
        CollectionAssert.AreEqual(first, Images());

        string[] Images() => [.. Table("rows.csv").Select(line => line[0]).Distinct()];
    }

    [TestMethod]
    public async Task Grids_and_the_sanity_check_are_columns_of_the_table_and_are_run_once()
    {
        Assert.AreEqual(0, (await RunAsync("demo", "--pictures", "4", "--output", At("demo"))).ExitCode);
        string[] command =
        [
            "compare", At("demo", "pictures"), "--model", At("demo", "demo.onnx"), "--labels", At("demo", "demo-labels.txt"), "--mean", "0.45,0.45,0.4", "--std", "0.25,0.25,0.25",
            "--object-masks", At("demo", "masks"), "--methods", "grad-cam", "--measures", "pointing", "--grid", "2", "--sanity", "2", "--output", Output,
        ];
        CommandResult result = await RunAsync(command);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] table = Table("comparison.csv");

        // The baseline is a bump in the middle of the picture, a quarter of it in each tile, and does not know the network.
        Assert.AreEqual(0.25, Mean(table, "center-gaussian", "grid-localisation"), 0.01);
        Assert.AreEqual(1, Mean(table, "center-gaussian", "sanity-spearman"), 1e-6);
        Assert.IsGreaterThan(0.4, Mean(table, "grad-cam", "grid-localisation"));
        Assert.IsLessThan(0.9, Mean(table, "grad-cam", "sanity-spearman"));
        StringAssert.Contains(result.Output, "grid 2, seed 1: grad-cam");
        CommandResult again = await RunAsync([.. command, "--resume"]);
        Assert.IsFalse(again.Output.Contains("grid 2, seed 1: grad-cam", StringComparison.Ordinal), "it is in the journal");
        CollectionAssert.AreEqual(table, Table("comparison.csv"), System.Collections.StructuralComparisons.StructuralComparer);
    }

    [TestMethod]
    public async Task Grids_without_enough_classes_are_refused()
    {
        Spots(2);
        CommandResult result = await CompareAsync("--methods", "grad-cam", "--steps", "4", "--grid", "2");
        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Errors, "classes");
    }

    private void Spots(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (double x, double y) = (20 + (i * 10), 70 - (i * 9));
            Spot($"photos/{i}.png", Side, Side, x, y);
            Func<int, int, SKColor> grey = SpotAt(x, y);
            Write($"masks/{i}.png", ImageBytes.Encode(Side, Side, (column, row) => grey(column, row) == SKColors.Black ? SKColors.Black : SKColors.White, SKEncodedImageFormat.Png));
        }
    }

    private Task<CommandResult> CompareAsync(params string[] options) =>
        RunAsync(["compare", At("photos"), "--model", Model(), "--labels", Labels(), "--output", Output, .. BrightnessNetwork.Options, .. options]);

    private Task<CommandResult> EvaluateAsync(params string[] options) =>
        RunAsync(["evaluate", At("photos"), "--model", Model(), "--output", Output, "--steps", "6", .. BrightnessNetwork.Options, .. options]);

    private void WriteMap(string name, float[] values, params ReadOnlySpan<int> shape)
    {
        using FileStream file = File.Create(At("maps", name));
        Microsoft.ML.AbsCam.Tool.Inputs.NpyFile.Write(file, values, shape);
    }

    private string[][] Table(string name) => [.. Csv.Parse(File.ReadAllText(At("out", name))).Skip(1)];

    private static double Mean(string[][] table, string method, string measure) => Number(table.Single(line => line[0] == method && line[1] == measure)[3]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
