using System.Text.Json;

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
