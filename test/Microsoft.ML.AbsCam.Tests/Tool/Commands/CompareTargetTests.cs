using System.Globalization;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>A comparison asks what --target says, and ranks nothing by measures that say little of it.</summary>
[TestClass]
public class CompareTargetTests : CommandTest
{
    private static readonly string[] Colours = ["--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std)];

    [TestMethod]
    [DataRow("contrast:runner-up", "twins")]
    [DataRow("output:2", "twins")]
    [DataRow("box:SMALLEST", "detector")]
    [DataRow("region:LARGEST", "segmenter")]
    public async Task Maps_and_measures_are_those_of_the_question(string target, string network)
    {
        CrowdedScene scene = CrowdedScenes.HeldOut(1).Single();
        Write("photos/a.png", scene.EncodePng());

        // The segmenter's first class is the background.
        CrowdedObject smallest = scene.Objects.MinBy(thing => thing.Width * thing.Height)!;
        target = target.Replace("SMALLEST", FormattableString.Invariant($"{smallest.Left},{smallest.Top},{smallest.Width},{smallest.Height}"), StringComparison.Ordinal);
        target = target.Replace("LARGEST", (scene.Objects.MaxBy(thing => thing.Width * thing.Height)!.ClassIndex + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string[] what = [At("photos"), "--model", Network(network), .. Colours];
        string[] measures = ["--measures", "deletion,insertion", "--steps", "3"];
        Assert.AreEqual(0, (await RunAsync(["explain", .. what, "--output", Output, "--target", target, "--method", "layer-cam", "--save", "npy"])).ExitCode);
        double[] read = await MeasuredAsync("read", ["evaluate", .. what, "--maps", At("out", "maps"), "--target", target, .. measures]);
        double[] made = await MeasuredAsync("made", ["evaluate", .. what, "--method", "layer-cam", "--target", target, .. measures]);
        double[] other = await MeasuredAsync("other", ["evaluate", .. what, "--method", "layer-cam", .. measures]);
        for (int i = 0; i < 2; i++)
        {
            Assert.AreEqual(read[i], made[i], 1e-5, "maps that are made ask what maps from files are measured by");
        }

        Assert.IsTrue(Math.Abs(made[0] - other[0]) > 1e-4 || Math.Abs(made[1] - other[1]) > 1e-4, "another question has other numbers");
    }

    [TestMethod]
    [DataRow("detector", false)]
    [DataRow("segmenter", false)]
    [DataRow("segmenter", true)]
    public async Task Maps_are_to_point_at_the_place_that_is_asked_about(string network, bool fromFolder)
    {
        CrowdedScene scene = CrowdedScenes.HeldOut(1).Single();
        CrowdedObject thing = scene.Objects.MaxBy(thing => thing.Width * thing.Height)!;
        bool isBox = network == "detector";
        Write("photos/a.png", scene.EncodePng());
        Write("masks/a.png", scene.EncodeClassMaskPng(thing.ClassIndex));
        string target = isBox ? FormattableString.Invariant($"box:{thing.Left},{thing.Top},{thing.Width},{thing.Height}") : $"region:{thing.ClassIndex + 1}{(fromFolder ? $"@{At("masks")}" : "")}";
        string[] what = [At("photos"), "--model", Network(network), .. Colours, "--target", target];
        CommandResult result = await RunAsync(["compare", .. what, "--output", Output, "--methods", "layer-cam,center-gaussian", "--steps", "2"]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, $"the {(isBox ? "box" : "region")} that is asked about is what maps are to point at; --boxes or --object-masks names other objects");
        Assert.AreEqual(isBox, result.Output.Contains("increase and gain, since a box is matched by its place", StringComparison.Ordinal));

        // What the network finds there is nearly what was drawn there.
        Assert.AreEqual(0, (await RunAsync(["explain", .. what, "--output", At("maps"), "--method", "layer-cam", "--save", "npy"])).ExitCode);
        float[] map = Npy.Read(At("maps", "maps", "a.npy")).Values;
        bool[] inside = isBox ? InBox(thing, scene.Size) : [.. scene.MaskOfClass(thing.ClassIndex)];
        double scale = (double)scene.Size / DemoNetwork.InputSize;
        double within = map.Where((_, i) => inside[((int)((i / DemoNetwork.InputSize) * scale) * scene.Size) + (int)((i % DemoNetwork.InputSize) * scale)]).Sum(value => (double)value) / map.Sum(value => (double)value);
        double measured = Measured("layer-cam", "energy-pointing");
        Assert.AreEqual(within, measured, 0.08, "energy within");
        Assert.IsGreaterThan(Measured("center-gaussian", "energy-pointing"), measured);
        Assert.AreEqual(1, Measured("layer-cam", "pointing"));
    }

    private static bool[] InBox(CrowdedObject thing, int size) => [.. Enumerable.Range(0, size * size).Select(i
        => i % size >= thing.Left && i % size < thing.Left + thing.Width && i / size >= thing.Top && i / size < thing.Top + thing.Height)];

    private double Measured(string method, string measure)
    {
        string[] header = Csv.Parse(File.ReadAllText(At("out", "comparison.csv")))[0];
        return double.Parse(Table().Single(line => line[0] == method && line[1] == measure)[Array.IndexOf(header, "mean")], CultureInfo.InvariantCulture);
    }

    [TestMethod]
    public async Task Measures_that_say_little_of_a_regression_are_left_out_or_rank_nothing()
    {
        Photo();
        Write("masks/a.png", TwinScenes.HeldOut(1).Single().EncodeDifferencePng());
        string[] compare = ["compare", At("photos"), "--model", Network("twins"), .. Colours, "--output", Output, "--methods", "grad-cam", "--steps", "2", "--object-masks", At("masks"), "--target", "output:0"];
        CommandResult result = await RunAsync(compare);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "measures that say little of this question rank no method, and are left out unless --measures names them: pointing and energy-pointing, since a number of the whole picture has no object");
        StringAssert.Contains(result.Output, "increase and gain, since the picture's own value counts as 1");
        string[] measured = [.. Table().Select(line => line[1]).Distinct()];
        CollectionAssert.AreEquivalent((string[])["deletion", "insertion", "insertion-deletion", "drop", "complexity", "forwards", "milliseconds"], measured);

        result = await RunAsync([.. compare, "--measures", "pointing,deletion", "--overwrite"]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "pointing (no rank)");
        string page = File.ReadAllText(At("out", "index.html"));
        StringAssert.Contains(page, "pointing<span>no rank</span>");
        StringAssert.Contains(page, "It ranks no method here: a number of the whole picture has no object");
    }

    [TestMethod]
    public async Task Methods_that_miss_the_place_are_named_and_games_that_need_classes_are_refused()
    {
        Photo();
        string[] compare = ["compare", At("photos"), "--model", Network("detector"), .. Colours, "--output", Output, "--methods", "grad-cam,layer-cam,score-cam", "--measures", "complexity"];
        string output = (await RunAsync(compare)).Output;
        foreach ((string method, bool isNamed) in new[] { ("grad-cam", true), ("score-cam", true), ("layer-cam", false), ("abs-cam", false) })
        {
            Assert.AreEqual(isNamed, output.Contains($"'{method}' weighs whole channels", StringComparison.Ordinal), method);
        }

        Assert.HasCount(2, output.Split("The network gives"), "what does not depend on the method is said once");
        Refused(await RunAsync([.. compare, "--grid", "2", "--overwrite"]), "--grid: the grid pointing game asks which of several classes");
        Directory.CreateDirectory(At("photos"));
        string file = Write("targets.csv", "image,target", "a.png,1");
        Refused(await RunAsync([.. compare, "--sanity", "1", "--target", $"box:@{file}", "--overwrite"]), "--sanity: with a network drawn anew nothing is asked that comes from files");
        CommandResult result = await RunAsync(["evaluate", At("photos"), "--model", Network("detector"), .. Colours, "--output", At("usual"), "--measures", "complexity"]);
        StringAssert.Contains(result.Output, "so the method is layer-cam");
        StringAssert.Contains(File.ReadAllText(At("usual", "comparison.csv")), "layer-cam,");
    }

    private async Task<double[]> MeasuredAsync(string output, string[] command)
    {
        CommandResult result = await RunAsync([.. command, "--output", At(output)]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return [.. Csv.Parse(File.ReadAllText(At(output, "rows.csv")))[1][5..7].Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    private string[][] Table() => [.. Csv.Parse(File.ReadAllText(At("out", "comparison.csv"))).Skip(1)];

    private string Network(string name) => Write($"{name}.onnx", DemoTaskNetwork.All.Single(network => network.Name == name).ReadOnnx());

    private void Photo() => Write("photos/a.png", TwinScenes.HeldOut(1).Single().EncodePng());
}
