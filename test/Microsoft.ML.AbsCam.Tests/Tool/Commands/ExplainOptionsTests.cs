using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class ExplainOptionsTests : CommandTest
{
    private static readonly string[] Rejected = ["Ok", "TargetOutOfRange", "TargetOutOfRange"];

    [TestMethod]
    [DataRow("dark")]
    [DataRow("1")]
    public async Task A_class_is_asked_for_by_name_or_index(string target)
    {
        CommandResult result = await ExplainAsync(Spot("a.png"), "--target", target, "--labels", Labels());
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.AreEqual("1,dark", string.Join(',', Results().Single()[2..4]));
    }

    [TestMethod]
    public async Task A_file_gives_each_image_its_class()
    {
        Spot("photos/x/a.png");
        Spot("photos/b.png");
        string targets = Write("targets.csv", "target,other,image", "dark,,x/a.png", "0,,b.png");
        CommandResult result = await ExplainAsync(At("photos"), "--target", "@" + targets, "--labels", Labels());
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.AreEqual("b.png 0 x/a.png 1", string.Join(' ', Results().SelectMany(row => new[] { row[0], row[2] })));
    }

    [TestMethod]
    public async Task Images_that_the_file_leaves_out_or_gives_an_unknown_class_fail_alone()
    {
        Spot("photos/a.png");
        Spot("photos/b.png");
        Spot("photos/c.png");
        CommandResult result = await ExplainAsync(At("photos"), "--target", "@" + Write("targets.csv", "image,target", "a.png,1", "b.png,cat"), "--labels", Labels());
        Refused(result, "b.png: the target 'cat' is none of the network's classes", exitCode: 1);
        StringAssert.Contains(result.Errors, "c.png: no target is given");
        CollectionAssert.AreEqual(Rejected, Results().Select(row => row[1]).ToArray());
        Assert.AreEqual(",,", string.Join(',', Results()[1][2..5]));
    }

    [TestMethod]
    [DataRow("folder")]
    [DataRow("@")]
    public async Task Truth_counts_how_often_the_network_is_right(string truth)
    {
        Spot("photos/bright/a.png");
        Spot("photos/dark/b.png");
        truth = truth == "@" ? "@" + Write("truth.csv", "image,target", "bright/a.png,bright", "dark/b.png,1") : truth;
        CommandResult result = await ExplainAsync(At("photos"), "--truth", truth, "--labels", Labels(), "--save", "report");
        StringAssert.Contains(result.Output, "top-1: 1 of 2 right (50.0 %)");
        StringAssert.Contains(File.ReadAllText(Path.Combine(Output, "index.html")), "\"truth\":\"dark\"", "an index is shown by its name");
    }

    [TestMethod]
    [DataRow("weighted")]
    [DataRow("per-channel")]
    [DataRow("whole")]
    public async Task Phase_2_takes_a_forward_pass_for_each_mask(string masks)
    {
        CommandResult result = await RunAsync(["explain", Spot("a.png"), "--model", Model(), "--output", Output, "--masks", masks, .. BrightnessNetwork.Options]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] row = Results().Single();
        Map(row[6], isNormalised: masks != "whole");
        Assert.IsGreaterThan(1, int.Parse(row[7], CultureInfo.InvariantCulture));
        StringAssert.Contains(File.ReadAllText(At("out", "index.html")), $"{masks} reading");
    }

    [TestMethod]
    [DataRow("", false, "")]
    [DataRow("--tolerance 0.05", true, "0.05, the mean difference to be expected from the exact maps")]
    [DataRow("--tolerance 0.05 --tolerance-kind guaranteed", true, "0.05, which no pixel is further off")]
    [DataRow("--tolerance 0.05 --phase initial", false, "initial map")]
    [DataRow("--tolerance 0.05 --masks per-channel", false, "per-channel reading")]
    public async Task The_page_says_how_far_off_its_maps_may_be(string options, bool isSaid, string words)
    {
        CommandResult result = await RunAsync(["explain", Spot("a.png"), "--model", Model(), "--output", Output, .. BrightnessNetwork.Options, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string page = File.ReadAllText(At("out", "index.html"));
        Assert.AreEqual(isSaid, page.Contains("Tolerance", StringComparison.Ordinal));
        StringAssert.Contains(page, words);
    }

    [TestMethod]
    [DataRow("abs-cam-whole", "maps")]
    [DataRow("ablation-cam", "maps")]
    [DataRow("smooth(grad-cam,samples=2)", "maps")]
    [DataRow("rise(masks=60)", "none")]
    [DataRow("center-gaussian", "none")]
    public async Task A_method_is_taken_by_name(string method, string layer)
    {
        CommandResult result = await ExplainAsync(Spot("a.png"), "--method", method);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] row = Results().Single();
        Map(row[6], isNormalised: method != "abs-cam-whole");
        Assert.AreEqual(layer, row[5]);
        StringAssert.Contains(File.ReadAllText(At("out", "index.html")), method);
    }

    [TestMethod]
    public async Task Another_layer_is_taken_by_name()
    {
        CommandResult result = await ExplainAsync(Spot("a.png"), "--layer", "before");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.AreEqual("before", Results().Single()[5]);
    }

    [TestMethod]
    [DataRow("", false, false, false)]
    [DataRow("npy", true, false, false)]
    [DataRow("overlay", false, true, false)]
    [DataRow("report", false, false, true)]
    public async Task Only_what_is_asked_for_is_written(string save, bool maps, bool overlays, bool report)
    {
        CommandResult result = await ExplainAsync(Spot("a.png"), "--save", save);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.AreEqual((maps, overlays, report), (Directory.Exists(At("out", "maps")), Directory.Exists(At("out", "overlays")), File.Exists(At("out", "index.html"))));
        Assert.AreEqual(maps ? "maps/a.npy" : "", Results().Single()[6]);
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("3")]
    [DataRow("8")]
    public async Task The_batch_size_does_not_matter_to_the_rows(string batch)
    {
        for (int i = 0; i < 4; i++)
        {
            Spot($"photos/{i}.png", x: 20 + (10 * i));
        }

        Write("photos/2-broken.png", "no image");
        await ExplainAsync(At("photos"), "--batch", batch);
        Assert.AreEqual("Ok Ok UnreadableImage Ok Ok", string.Join(' ', Results().Select(row => row[1])));
        (double x, _) = Imaging.TestImage.Centroid(BrightnessNetwork.Size, BrightnessNetwork.Size, (column, row) => Map("maps/3.npy").Values[(row * BrightnessNetwork.Size) + column]);
        Assert.AreEqual(50 * BrightnessNetwork.Size / 96.0, x, 0.5);
    }

    [TestMethod]
    public async Task After_an_error_the_run_stops_where_that_is_asked_for()
    {
        Write("photos/a.png", "no image");
        Spot("photos/b.png");
        Write("photos/c.npy", "never looked at");
        CommandResult result = await ExplainAsync(At("photos"), "--on-error", "stop");
        Refused(result, "stopped after 1 of 3 images", exitCode: 1);
        Assert.HasCount(1, Results());
        Assert.IsTrue(File.Exists(At("out", "index.html")));
    }

    [TestMethod]
    public async Task Mean_and_deviation_reach_the_network()
    {
        string photo = Spot("a.png");
        await ExplainAsync(photo);
        string asItIs = Results().Single()[4];
        await RunAsync("explain", photo, "--model", Model(), "--output", Output, "--phase", "initial", "--mean", "0.1,0.1,0.1", "--std", "0.5,0.5,0.5", "--overwrite");
        Assert.AreNotEqual(asItIs, Results().Single()[4]);
    }

    [TestMethod]
    public async Task An_open_input_size_is_224_or_what_is_asked_for()
    {
        string model = Write("open.onnx", BrightnessNetwork.Bytes(height: 0));
        string photo = Spot("a.png");
        CommandResult result = await RunAsync("explain", photo, "--model", model, "--output", Output, "--phase", "initial");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Map("maps/a.npy", 224);
        await RunAsync("explain", photo, "--model", model, "--output", Output, "--phase", "initial", "--size", "48", "--overwrite");
        Map("maps/a.npy", 48);
    }

    [TestMethod]
    public async Task A_pixel_limit_refuses_larger_photos_by_the_option_s_name()
    {
        CommandResult result = await ExplainAsync(Spot("a.png"), "--max-pixels", "9215");
        Refused(result, "a.png: the image is 96 x 96, more than 9,215 pixels, the limit set by --max-pixels", exitCode: 1);
        Assert.AreEqual(0, (await ExplainAsync(Spot("a.png"), "--max-pixels", "9216", "--overwrite")).ExitCode);
    }
}
