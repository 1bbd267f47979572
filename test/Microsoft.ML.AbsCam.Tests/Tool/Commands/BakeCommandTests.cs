using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Saliency.Questions;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class BakeCommandTests : CommandTest
{
    [TestMethod]
    public async Task A_baked_file_is_written_once_and_opens_like_the_model()
    {
        string baked = At("explained.onnx");
        CommandResult result = await RunAsync("bake", Model(), "--method", "grad-cam", "--target", "contrast:runner-up", "--map", "layer", "--output", baked);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "explained.onnx: brightness.onnx with the map of grad-cam for the predicted class against the runner-up at maps");
        StringAssert.Contains(result.Output, "saliency float [batch, height, width]");
        Refused(await RunAsync("bake", Model(), "--output", baked), "explained.onnx' is there already");
        CommandResult layers = await RunAsync("layers", baked);
        Assert.AreEqual(0, layers.ExitCode, layers.Errors);
        Assert.HasCount(0, Directory.GetFiles(Path.GetDirectoryName(baked)!, "*.part"));
    }

    [TestMethod]
    [DataRow("top:2", "cannot be part of a model file")]
    [DataRow("7", "7")]
    [DataRow("similar:x.png", "x.png")]
    [DataRow("@classes.csv", "classes from a file cannot be part of a model")]
    public async Task What_a_file_cannot_be_asked_is_refused(string target, string words)
    {
        target = target.Replace("@classes.csv", "@" + Write("classes.csv", "image,target", "a.png,1"), StringComparison.Ordinal);
        Refused(await RunAsync("bake", Model(), "--target", target, "--output", At("none.onnx")), words);
        Assert.IsFalse(File.Exists(At("none.onnx")));
    }

    [TestMethod]
    public async Task The_likeness_to_a_photo_is_baked_as_it_is_explained()
    {
        string[] colours = ["--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std)];
        string model = Write("twins.onnx", DemoTaskNetwork.Twins.ReadOnnx());
        string reference = Write("reference.png", TwinScenes.HeldOut(2).Last().EncodePng());
        float[] image = OnnxModelBuilder.Numbers([3, DemoNetwork.InputSize, DemoNetwork.InputSize], 5);
        Write("images/a.npy", TensorCommandTests.Npy(image, "3, 112, 112"));
        Refused(await RunAsync(["bake", model, "--target", "predicted", .. colours]), "say how the reference photo of --target similar:FILE becomes the network's input");
        CommandResult result = await RunAsync(["bake", model, "--method", "layer-cam", "--target", $"similar:{reference}", .. colours, "--output", At("alike.onnx")]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "'reference.png' goes in as 112 x 112 pixels (height x width), centre crop, RGB, scale 1/255, mean 0.45 0.45 0.4");
        Assert.AreEqual(0, (await RunAsync(["explain", At("images"), "--model", model, "--method", "layer-cam", "--target", $"similar:{reference}", .. colours, "--save", "npy", "--output", Output])).ExitCode);
        using var session = new InferenceSession(At("alike.onnx"));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(image, [1, 3, DemoNetwork.InputSize, DemoNetwork.InputSize]))], ["saliency"]);
        Close.AreClose(Map(Results()[0][6], DemoNetwork.InputSize).Values, outputs[0].AsTensor<float>().ToArray(), 1e-4, "the likeness");
    }

    [TestMethod]
    public async Task A_baked_file_is_explained_and_measured_as_its_model()
    {
        string[] colours = ["--mean", string.Join(',', DemoNetwork.Mean), "--std", string.Join(',', DemoNetwork.Std)];
        DemoTaskNetwork demo = DemoTaskNetwork.All.Single(one => one.Name == "detector");
        string labels = Write("labels.txt", [.. demo.Classes]);
        (string model, string baked) = (Write("detector.onnx", demo.ReadOnnx()), At("baked.onnx"));
        foreach ((byte[] picture, int i) in TwinScenes.HeldOut(2).Take(2).Select((scene, i) => (scene.EncodePng(), i)))
        {
            Write($"pictures/{i}.png", picture);
        }

        // At a place nobody names a method that weighs whole channels.
        CommandResult written = await RunAsync("bake", model, "--labels", labels, "--output", baked);
        StringAssert.Contains(written.Output, "the map of layer-cam");
        StringAssert.Contains(written.Output, "saliency_scores, saliency_box");
        List<string> tables = [];
        foreach (string[] network in (string[][])[[model, "--labels", labels], [baked]])
        {
            CommandResult explained = await RunAsync(["explain", At("pictures"), "--model", .. network, .. colours, "--output", At($"explained{tables.Count}")]);
            Assert.AreEqual(0, explained.ExitCode, explained.Errors);
            StringAssert.Contains(File.ReadAllText(At($"explained{tables.Count}", "index.html")), "spoke for one box, which is drawn");
            CommandResult measured = await RunAsync(["evaluate", At("pictures"), "--model", .. network, .. colours, "--measures", "deletion,insertion", "--steps", "6", "--output", At($"measured{tables.Count}")]);
            Assert.AreEqual(0, measured.ExitCode, measured.Errors);
            tables.Add(measured.Output.Split('\n').Single(line => line.StartsWith("layer-cam", StringComparison.Ordinal)));
        }

        Assert.AreEqual(tables[0], tables[1]);
    }

    /// <summary>One score a pixel is two classes, as it is where the network is explained.</summary>
    [TestMethod]
    [DataRow("region:1", 0)]
    [DataRow("region:0", 0)]
    [DataRow("region:2", 2)]
    public async Task A_network_of_one_score_is_baked_for_either_class(string target, int exitCode)
    {
        CommandResult result = await RunAsync("bake", Write("one.onnx", PlacedNetworks.OneClass(sigmoid: true)), "--target", target, "--output", At("baked.onnx"));
        Assert.AreEqual(exitCode, result.ExitCode, result.Errors);
        Assert.AreEqual(exitCode == 0, File.Exists(At("baked.onnx")));
    }

    [TestMethod]
    public async Task What_needs_more_than_the_maps_in_a_file_names_the_model_to_take()
    {
        string baked = At("explained.onnx");
        Assert.AreEqual(0, (await RunAsync("bake", Model(), "--method", "grad-cam", "--target", "input", "--output", baked)).ExitCode);
        Write("photos/a.png", TwinScenes.HeldOut(2).First().EncodePng());
        Refused(await RunAsync("audit", At("photos"), "--model", baked, "--output", Output), "the maps of 'grad-cam' are baked and nothing else. Audit the model that the file was baked from.");
        Refused(await RunAsync("compare", At("photos"), "--model", baked, "--output", Output), "Measure what it makes with 'abscam evaluate' and no --method");
        Assert.IsFalse(Directory.Exists(Output));
        using ImageNetwork network = ImageNetwork.FromOnnx(baked);
        Assert.AreEqual("grad-cam", network.BakedMethod);
    }

    [TestMethod]
    public async Task A_method_of_masked_images_is_refused_with_those_that_can_be_baked() =>
        Refused(await RunAsync("bake", Model(), "--method", "rise"), "take one of abs-cam, abs-cam-initial");
}
