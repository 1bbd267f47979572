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
    [DataRow("similar:x.png", "what comes from a file cannot be part of a model")]
    public async Task What_a_file_cannot_be_asked_is_refused(string target, string words)
    {
        Refused(await RunAsync("bake", Model(), "--target", target, "--output", At("none.onnx")), words);
        Assert.IsFalse(File.Exists(At("none.onnx")));
    }

    [TestMethod]
    public async Task A_method_of_masked_images_is_refused_with_those_that_can_be_baked() =>
        Refused(await RunAsync("bake", Model(), "--method", "rise"), "take one of abs-cam, abs-cam-initial");
}
