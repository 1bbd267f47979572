using Microsoft.ML.AbsCam.Tests.Networks.Scripts;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class WrongModelTests : CommandTest
{
    public static IEnumerable<object[]> Models =>
    [
        [Array.Empty<byte>(), "the file is empty"],
        ["not a network at all"u8.ToArray(), "not an ONNX model"],
        [BrightnessNetwork.Bytes()[..200], "not an ONNX model, or the file is cut short"],
        [BrightnessNetwork.BytesWithoutMaps(), "no feature layer with a height and a width"],
        [BrightnessNetwork.BytesWithTwoInputs(), "has 2 inputs"],
        [BrightnessNetwork.Bytes(batch: 4), "fixes the batch at 4 images"],
        [ScriptPair.Features(), "this is a TorchScript file"],
    ];

    [TestMethod]
    [DynamicData(nameof(Models))]
    public async Task A_model_that_cannot_be_explained_is_named(byte[] model, string because)
    {
        string path = Write("wrong.onnx", model);
        CommandResult result = await RunAsync("explain", Spot("a.png"), "--model", path, "--output", Output);
        Refused(result, "wrong.onnx");
        Refused(result, because);
        Assert.IsFalse(Directory.Exists(Output));
        Refused(await RunAsync("layers", path), because);
    }

    [TestMethod]
    public async Task A_model_that_is_not_there_is_named()
    {
        Refused(await RunAsync("layers", At("none.onnx")), $"There is no model file '{At("none.onnx")}'");
        Refused(await RunAsync("explain", Spot("a.png"), "--model", Folder, "--output", Output), "There is no model file");
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    public async Task A_network_of_two_channels_takes_no_photos()
    {
        string path = Write("two.onnx", BrightnessNetwork.BytesFor(channels: 2));
        Refused(await RunAsync("explain", Spot("a.png"), "--model", path, "--output", Output), "takes images of 2 channels");
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    public async Task A_batch_of_one_in_the_file_is_no_hindrance()
    {
        string model = Write("one.onnx", BrightnessNetwork.Bytes(batch: 1));
        Spot("photos/a.png");
        Spot("photos/b.png", x: 60);
        CommandResult result = await RunAsync(["explain", At("photos"), "--model", model, "--output", Output, "--phase", "initial", .. BrightnessNetwork.Options]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        CollectionAssert.AreNotEqual(Map("maps/a.npy").Values, Map("maps/b.npy").Values);
    }
}
