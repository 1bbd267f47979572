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
    [DataRow("detect", "layer-cam", "box:", "detector")]
    [DataRow("segment", "layer-cam", "region:", "segmenter")]
    [DataRow("contrast", "Abs-CAM", "contrast:runner-up", "twins")]
    [DataRow("embed", "hires-cam", "similar:", "embedding")]
    [DataRow("tokens", "Abs-CAM", "predicted", "transformer")]
    public async Task A_demo_of_another_task_asks_its_own_network(string task, string method, string target, string network)
    {
        CommandResult result = await RunAsync("demo", "--task", task, "--output", Output, "--pictures", "1");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, $"{network}.onnx is taken to ");
        StringAssert.Contains(File.ReadAllText(At("out", "index.html")), method);
        foreach (string[] row in Results())
        {
            Assert.IsGreaterThan(0.5, Map(row[6], DemoNetwork.InputSize).Values.Max());
        }

        // What it leaves is enough to ask the same again.
        string asked = target switch
        {
            "box:" or "region:" => $"{target}@{At("out", "targets.csv")}",
            "similar:" => $"{target}{At("out", "rubber-duck.png")}",
            _ => target,
        };
        string[] classes = task == "embed" ? ["--task", "embed", "--method", method] : ["--labels", At("out", $"{network}-labels.txt")];
        CommandResult again = await RunAsync(
            ["explain", At("out", "pictures"), "--model", At("out", $"{network}.onnx"), "--output", At("again"), "--target", asked, "--save", "npy",
            "--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std), .. classes]);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        foreach (string map in Directory.GetFiles(At("out", "maps")))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(map), File.ReadAllBytes(At("again", "maps", Path.GetFileName(map))));
        }
    }

    [TestMethod]
    public async Task A_quiet_demo_says_nothing()
    {
        CommandResult result = await RunAsync("demo", "--output", Output, "--pictures", "1", "--quiet");
        Assert.AreEqual(new CommandResult(0, "", ""), result);
    }
}
