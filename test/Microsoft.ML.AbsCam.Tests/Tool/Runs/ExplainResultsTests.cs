using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

[TestClass]
public class ExplainResultsTests : CommandTest
{
    private static readonly string[] Everything = ["explain.journal", "index.html", "maps", "results.csv"];
    private static readonly string[] Nested = ["a.png", "deep/b.jpg", "deep/er/c.png"];
    private static readonly string[] TopTwo = ["0", "1"];
    private static readonly string[] Indexed = ["maps/a-0.npy", "maps/a-1.npy"];
    private static readonly string[] CollidingMaps = ["maps/a.jpg.npy", "maps/a.png.npy", "maps/b.npy"];

    [TestMethod]
    public async Task A_run_writes_table_maps_and_report()
    {
        Spot("photos/a.png");
        CommandResult result = await ExplainAsync(At("photos"), "--labels", Labels());
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.AreEqual("", result.Errors);
        CollectionAssert.AreEqual(Everything, Directory.GetFileSystemEntries(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());

        string[] row = Results().Single();
        Assert.AreEqual("a.png,Ok,0,bright", string.Join(',', row[..4]));
        Assert.AreEqual($"{BrightnessNetwork.Layer},maps/a.npy,1", string.Join(',', row[5..8]));
        Assert.IsTrue(double.Parse(row[4], CultureInfo.InvariantCulture) is > 0.5 and <= 1, row[4]);
        Assert.IsTrue(double.Parse(row[8], CultureInfo.InvariantCulture) > 0, row[8]);
        Map("maps/a.npy");
    }

    [TestMethod]
    public async Task Images_are_named_below_the_folder_with_forward_slashes_in_order()
    {
        Spot("photos/deep/er/c.png");
        Spot("photos/deep/b.jpg");
        Spot("photos/a.png");
        Write("photos/notes.txt", "not an image, and not asked for");
        await ExplainAsync(At("photos") + Path.DirectorySeparatorChar, "--save", "npy,overlay");
        CollectionAssert.AreEqual(Nested, Results().Select(row => row[0]).ToArray());
        Assert.IsTrue(File.Exists(At("out", "maps", "deep", "er", "c.npy")));
        Assert.IsTrue(File.Exists(At("out", "overlays", "deep", "b.png")));
    }

    [TestMethod]
    public async Task Names_with_commas_quotes_and_other_letters_come_through()
    {
        const string name = "a, \"b\" – ü.png";
        Spot("photos/" + name);
        Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
        string[] row = Results().Single();
        Assert.AreEqual(name, row[0]);
        Assert.AreEqual("maps/a, \"b\" – ü.npy", row[6]);
        StringAssert.Contains(File.ReadAllText(At("out", "results.csv")), "\"a, \"\"b\"\" – ü.png\"");
    }

    [TestMethod]
    public async Task Files_that_differ_only_in_the_extension_keep_it()
    {
        Spot("photos/a.jpg");
        Spot("photos/a.png");
        Spot("photos/b.png");
        await ExplainAsync(At("photos"));
        CollectionAssert.AreEqual(CollidingMaps, Results().Select(row => row[6]).ToArray());
    }

    [TestMethod]
    public async Task Equal_names_from_two_folders_have_maps_of_their_own()
    {
        Spot("one/a.png", x: 20);
        Spot("two/a.png", x: 70);
        CommandResult result = await ExplainAsync([At("one"), At("two")], "--truth", "folder");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] maps = [.. Results().Select(row => row[6])];
        Assert.HasCount(2, maps.Distinct());
        CollectionAssert.AreNotEqual(Map(maps[0]).Values, Map(maps[1]).Values);
    }

    [TestMethod]
    public async Task The_same_file_twice_is_one_row()
    {
        string photo = Spot("photos/a.png");
        await ExplainAsync([photo, At("photos"), At("photos", "*.png")]);
        Assert.HasCount(1, Results());
    }

    [TestMethod]
    public async Task Patterns_find_files_in_sub_folders()
    {
        Spot("photos/x/a.png");
        Spot("photos/x/y/b.png");
        Spot("photos/x/c.jpg");
        await ExplainAsync(At("photos", "**", "*.png"));
        Assert.AreEqual("x/a.png x/y/b.png", string.Join(' ', Results().Select(row => row[0])));
    }

    [TestMethod]
    public async Task Several_targets_of_an_image_are_rows_and_maps_with_the_index()
    {
        string photo = Spot("a.png");
        CommandResult result = await ExplainAsync(photo, "--target", "top:2", "--save", "npy,overlay,report");
        string[][] rows = Results();
        Assert.HasCount(2, rows, result.Errors);
        CollectionAssert.AreEqual(TopTwo, rows.Select(row => row[2]).Order().ToArray());
        Assert.AreEqual("0", rows[0][2], "the highest comes first");
        CollectionAssert.AreEqual(Indexed, rows.Select(row => row[6]).Order().ToArray());
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.IsTrue(File.Exists(At("out", "overlays", "a-1.png")));
    }

    [TestMethod]
    public async Task A_second_run_does_not_explain_the_first_one_s_pictures()
    {
        Spot("photos/a.png");
        string[] arguments = ["explain", At("photos"), "--model", Model(), "--phase", "initial", "--output", At("photos", "out")];
        await RunAsync(arguments);
        CommandResult second = await RunAsync(arguments);
        StringAssert.Contains(second.Output, "1 of 1 images are explained");
    }

    [TestMethod]
    public async Task Lines_in_a_pipe_are_plain()
    {
        CommandResult result = await ExplainAsync(Spot("a.png"));
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(6, lines, result.Output);
        Assert.AreEqual("brightness.onnx: photos go in as 64 x 64 pixels (height x width), centre crop, RGB, scale 1/255, mean 0 0 0, std 1 1 1", lines[0].TrimEnd());
        StringAssert.StartsWith(lines[1], "brightness.onnx is taken to tell classes apart (classify): the output is 3 numbers an image");
        Assert.AreEqual("brightness.onnx: Probabilities are the softmax of the scores.", lines[2].TrimEnd());
        StringAssert.StartsWith(lines[3], "brightness.onnx: layer maps (Relu, 2 x 64 x 64). ");
        StringAssert.StartsWith(lines[4], "explained 1 of 1 images, 1 maps, in ");
        StringAssert.StartsWith(lines[5], "report: ");
        Assert.IsFalse(result.Output.Contains('\u001b'));
    }

    [TestMethod]
    public async Task Quiet_says_nothing_but_errors()
    {
        Spot("photos/a.png");
        Write("photos/b.png", "no image");
        CommandResult result = await ExplainAsync(At("photos"), "--quiet");
        Assert.AreEqual("", result.Output);
        Refused(result, "b.png: this is not an image", exitCode: 1);
    }
}
