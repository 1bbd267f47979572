using System.Globalization;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using ParquetSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>Several --target in one run: every result says which question it answers, and each answer is that of a run by itself.</summary>
[TestClass]
public class SeveralTargetsTests : CommandTest
{
    [TestMethod]
    public async Task Each_question_of_a_detector_has_the_map_that_it_has_alone()
    {
        CrowdedScene scene = CrowdedScenes.HeldOut(1).Single();
        Write("photos/a.png", scene.EncodePng());
        string[] boxes = [.. scene.Objects.Take(2).Select(thing => FormattableString.Invariant($"box:{thing.Left},{thing.Top},{thing.Width},{thing.Height}"))];
        string[] asked = [.. boxes, "box:best", $"{scene.Objects[0].ClassIndex}"];
        string[] together = [.. asked.SelectMany(target => (string[])["--target", target])];
        Assert.AreEqual(0, (await AskAsync(DemoTaskNetwork.Detector, "out", [.. together, "--save", "npy,report,parquet,overlay"])).ExitCode);
        string[][] rows = Rows();
        CollectionAssert.AreEqual(asked, rows.Select(row => row[9]).ToArray());
        CollectionAssert.AreEqual((string[])["maps/a-1.npy", "maps/a-2.npy", "maps/a-3.npy", "maps/a-4.npy"], rows.Select(row => row[6]).ToArray());
        CollectionAssert.AreEqual((string[])["1", "1", "1", "1"], rows.Select(row => row[7]).ToArray(), "one pass serves all");
        for (int i = 0; i < asked.Length; i++)
        {
            Assert.AreEqual(0, (await AskAsync(DemoTaskNetwork.Detector, $"alone{i}", ["--target", asked[i], "--save", "npy,overlay"])).ExitCode);
            Close.AreClose(Npy.Read(At($"alone{i}", "maps", "a.npy")).Values, Map(rows[i][6], DemoNetwork.InputSize).Values, 1e-5, asked[i]);
        }

        CollectionAssert.AreEqual(asked, Parquet("question"));

        // Each box is drawn on its own overlay and its own plate.
        CollectionAssert.AreNotEqual(File.ReadAllBytes(At("out", "overlays", "a-1.png")), File.ReadAllBytes(At("out", "overlays", "a-2.png")));
        string page = System.Net.WebUtility.HtmlDecode(File.ReadAllText(At("out", "index.html")));
        StringAssert.Contains(page, "\"marks\":[");
        StringAssert.Contains(page, "(the most confident detection)");
        StringAssert.Contains(page, "<dt>Explained</dt><dd>the detection at");

        CommandResult again = await AskAsync(DemoTaskNetwork.Detector, "out", [.. together, "--save", "npy,report,parquet,overlay", "--resume"]);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        Refused(await AskAsync(DemoTaskNetwork.Detector, "out", [.. together[..4], "--save", "npy,report,parquet,overlay", "--resume"]), "target), and its results would be mixed");
    }

    [TestMethod]
    public async Task A_class_its_contrast_and_a_likeness_stand_beside_each_other_and_an_unreadable_photo_is_named_once()
    {
        TwinScene scene = TwinScenes.HeldOut(1).Single();
        Write("photos/a.png", scene.EncodePng());
        Write("photos/b.png", "no picture");
        string reference = Write("reference.png", TwinScenes.HeldOut(2).Last().EncodePng());
        CommandResult result = await AskAsync(DemoTaskNetwork.Twins, "out", ["--target", "predicted", "--target", "contrast:runner-up", "--target", "top:2", "--target", $"similar:{reference}", "--method", "grad-cam", "--save", "npy,report,parquet"]);
        Assert.AreEqual(1, result.ExitCode);
        string[][] rows = Rows();
        CollectionAssert.AreEqual((string[])["predicted", "contrast:runner-up", "top:2", "top:2", $"similar:{reference}", ""], rows.Select(row => row[9]).ToArray());
        Assert.AreEqual(rows[0][3], rows[2][3], "the predicted class is the first of two");
        Assert.AreEqual("", rows[4][2], "a likeness is of no class");
        double cosine = double.Parse(rows[4][4], CultureInfo.InvariantCulture);
        Assert.IsInRange(-1, 1, cosine);
        CollectionAssert.AreEqual(Map(rows[0][6], DemoNetwork.InputSize).Values, Map(rows[2][6], DemoNetwork.InputSize).Values);
        CollectionAssert.AreEqual(rows.Select(row => row[9]).ToArray(), Parquet("question"));
        string page = System.Net.WebUtility.HtmlDecode(File.ReadAllText(At("out", "index.html")));
        StringAssert.Contains(page, "one of several questions that were asked about it");
        StringAssert.Contains(page, "the likeness to 'reference.png'");
    }

    [TestMethod]
    public async Task What_does_not_go_together_is_refused_by_name()
    {
        Write("photos/a.png", TwinScenes.HeldOut(1).Single().EncodePng());
        string file = Write("targets.csv", "image,target", "a.png,1");
        Refused(await AskAsync(DemoTaskNetwork.Twins, "out", ["--target", $"@{file}", "--target", $"contrast:@{file}"]), $"of several questions one may take its classes from a file, and both '@{file}' and 'contrast:@{file}' do");
        Refused(await AskAsync(DemoTaskNetwork.Twins, "out", ["--target", "predicted", "--target", "predicted"]), "--target predicted: it is given twice");
        Refused(await AskAsync(DemoTaskNetwork.Twins, "out", ["--target", "predicted", "--target", "box:best"]), "gives 8 numbers an image");
        Assert.IsFalse(Directory.Exists(At("out")), "refused before there are results");
    }

    private string[][] Rows()
    {
        string[][] lines = [.. Csv.Parse(File.ReadAllText(At("out", "results.csv")))];
        CollectionAssert.AreEqual((string[])[.. Header.Split(','), "question"], lines[0]);
        return lines[1..];
    }

    private string[] Parquet(string name)
    {
        using var file = new ParquetFileReader(At("out", "parquet", "part-00000.parquet"));
        using RowGroupReader group = file.RowGroup(0);
        int place = Enumerable.Range(0, group.MetaData.NumColumns).Single(i => file.FileMetaData.Schema.Column(i).Path.ToDotString() == name);
        using LogicalColumnReader<string> column = group.Column(place).LogicalReader<string>();
        return column.ReadAll((int)group.MetaData.NumRows);
    }

    private Task<CommandResult> AskAsync(DemoTaskNetwork network, string output, string[] options) => RunAsync(
    [
        "explain", At("photos"), "--model", Write($"{network.Name}.onnx", network.ReadOnnx()), "--labels", Write("labels.txt", [.. network.Classes]), "--output", At(output),
        "--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std), .. options,
    ]);
}
