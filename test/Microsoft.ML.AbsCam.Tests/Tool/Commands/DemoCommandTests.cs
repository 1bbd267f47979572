using Microsoft.ML.AbsCam.Demo;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class DemoCommandTests : CommandTest
{
    [TestMethod]
    public async Task The_demo_explains_its_own_pictures_and_leaves_them_to_be_tried_again()
    {
        CommandResult result = await RunAsync("demo", "--output", Output, "--pictures", "2");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "explained 2 of 2 images");
        StringAssert.Contains(result.Output, "top-1: ");
        StringAssert.Contains(result.Output, "pointing: the map is highest on the object in ");
        string[][] rows = Results();
        Assert.HasCount(2, rows);
        foreach (string[] row in rows)
        {
            Map(row[6], DemoNetwork.InputSize);
        }

        Assert.IsTrue(File.Exists(At("out", "index.html")));

        CommandResult again = await RunAsync(
            "explain", At("out", "pictures"), "--model", At("out", "demo.onnx"), "--labels", At("out", "demo-labels.txt"), "--output", At("again"), "--phase", "initial",
            "--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std));
        Assert.AreEqual(0, again.ExitCode, again.Errors);
    }

    [TestMethod]
    public async Task A_quiet_demo_says_nothing()
    {
        CommandResult result = await RunAsync("demo", "--output", Output, "--pictures", "1", "--quiet");
        Assert.AreEqual(new CommandResult(0, "", ""), result);
    }
}
