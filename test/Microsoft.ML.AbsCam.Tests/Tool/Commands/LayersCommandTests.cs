using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tool.Commands;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class LayersCommandTests : CommandTest
{
    private static readonly FeatureLayer[] Layers =
    [
        new("/block/conv/Conv_output_0", "Conv", 8, 12, 12, false, "Before its activation '/block/relu/Relu_output_0' (Relu)."),
        new("/block/relu/Relu_output_0", "Relu", 8, 12, 12, true, "The pick: the last map of features (8 channels) before the network pools, flattens or turns it into classes."),
    ];

    [TestMethod]
    public async Task In_a_pipe_a_layer_is_a_line_and_the_pick_has_a_star()
    {
        CommandResult result = await RunAsync("layers", Model());
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(7, lines);
        Assert.AreEqual("brightness.onnx: input 3 x 64 x 64, 3 classes", lines[0]);
        Assert.AreEqual("taken to tell classes apart (classify): the output is 3 numbers an image, which could be an embedding or a regression as well", lines[1]);
        Assert.AreEqual("Probabilities are the softmax of the scores.", lines[2]);
        StringAssert.Matches(lines[3], new Regex(@"^  before  Conv +2 x +64 x 64 +stride 1 +sees 1 +work 100 % +BeforeActivation +Before its activation 'maps'"));
        StringAssert.Matches(lines[4], new Regex(@"^\* maps    Relu +2 x +64 x 64 +stride 1 +sees 1 +work 100 % +Pick +The pick: "));
        StringAssert.Matches(lines[5], new Regex(@"^  pooled  GlobalAveragePool +2 x +1 x 1 +stride \? +sees \? +work 100 % +OnePixel +1 x 1: "));
        Assert.AreEqual("picked (*): maps", lines[6]);
    }

    [TestMethod]
    public async Task Gates_of_one_pixel_are_listed_last_and_refused_by_name()
    {
        string model = Write("gated.onnx", Family.Named("SE-ResNet").Write());
        string[] lines = (await RunAsync("layers", model)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1];
        int first = Array.FindIndex(lines, line => line.Contains(" OnePixel ", StringComparison.Ordinal));
        Assert.IsGreaterThan(0, first);
        Assert.IsTrue(lines[first..].All(line => line.Contains(" OnePixel ", StringComparison.Ordinal)));
        string gate = lines[first..].First(line => line.Contains("Sigmoid", StringComparison.Ordinal)).Trim().Split(' ')[0];
        Refused(await RunAsync("explain", Spot("a.png"), "--model", model, "--layer", gate, "--output", Output), $"The layer '{gate}' is of 1 x 1");
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    [DataRow(100)]
    [DataRow(60)]
    [DataRow(40)]
    public void On_a_terminal_no_line_is_wider_than_it(int width)
    {
        (string Text, bool IsPick)[] lines = [.. LayerList.Lines(Layers, width)];
        Assert.IsTrue(lines.All(line => line.Text.Length < width), string.Join('\n', lines.Select(line => line.Text)));
        foreach (FeatureLayer layer in Layers)
        {
            StringAssert.Contains(string.Join(' ', lines.Select(line => line.Text.Trim())), layer.Verdict);
        }

        Assert.IsTrue(lines.SkipWhile(line => !line.IsPick).All(line => line.IsPick));
        Assert.HasCount(1, lines.Where(line => line.Text.StartsWith('*')));
    }
}
