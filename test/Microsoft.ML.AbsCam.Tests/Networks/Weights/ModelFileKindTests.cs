using System.IO.Compression;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

[TestClass]
public sealed class ModelFileKindTests
{
    private static readonly byte[] Script = TorchFile.Zip(CompressionLevel.NoCompression, [("m/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("m/constants.pkl", [0x80, 2, (byte)')', (byte)'.']), ("m/code/__torch__.py", [10])]);

    private static readonly byte[] Legacy = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.', 0x80, 2, (byte)'M', 0xE9, 3, (byte)'.'];

    [TestMethod]
    public void A_state_dict_as_a_network_says_what_it_is_and_what_to_do()
    {
        using Linear module = nn.Linear(2, 2);
        NotOnnx(TorchFile.StateDict(WeightsBench.Named(module)), "torch.save", "torch.onnx.export(model.eval()", "ModuleWeights");
    }

    [TestMethod]
    public void A_safetensors_file_as_a_network_says_what_it_is_and_what_to_do()
    {
        using Linear module = nn.Linear(2, 2);
        NotOnnx(SafetensorsBytes.Of(WeightsBench.Named(module)), "safetensors", "torch.onnx.export(model.eval()", "ModuleWeights");
    }

    [TestMethod]
    public void TorchScript_as_a_network_says_what_it_is_and_what_to_do() => NotOnnx(
        Script, "TorchScript", "no hook reaches the layers inside", "torch.jit.trace(features, x)", "torch.jit.trace(head, features(x))", "FromTorchScript(\"features.pt\", \"head.pt\"", "files that you trust", "torch.onnx.export(model.eval()");

    [TestMethod]
    public void An_old_file_of_PyTorch_as_a_network_says_what_it_is_and_what_to_do() => NotOnnx(Legacy, "torch.save", "torch.onnx.export(model.eval()");

    [TestMethod]
    public void Keras_as_a_network_says_what_it_is_and_what_to_do()
    {
        NotOnnx([0x89, .. "HDF\r\n\x1a\n"u8, .. new byte[40]], "Keras", "model.onnx");
        NotOnnx(TorchFile.Zip(CompressionLevel.NoCompression, [("metadata.json", [1]), ("model.weights.h5", [1])]), "Keras", "model.onnx");
    }

    [TestMethod]
    public void TensorFlow_as_a_network_says_what_it_is_and_what_to_do()
    {
        NotOnnx([0x08, 0x01, 0x12, 0x90, 0x4E, 0x0A, 0x20, .. new byte[40]], "SavedModel", "tf2onnx");
        NotOnnx([0x1C, 0, 0, 0, .. "TFL3"u8, .. new byte[40]], "TensorFlow Lite", "tf2onnx");
    }

    [TestMethod]
    public void TorchScript_as_weights_says_what_to_do() => WeightsBench.Refused(Script, ["TorchScript", "state_dict()", "torch.onnx.export"]);

    [TestMethod]
    public void An_old_file_of_PyTorch_as_weights_says_what_to_do() => WeightsBench.Refused(Legacy, ["before PyTorch 1.6", "state_dict()"]);

    [TestMethod]
    public void What_nobody_knows_as_weights_says_what_is_read()
    {
        WeightsBench.Refused([], ["is empty"]);
        WeightsBench.Refused([.. "PK\x03\x04 and no archive"u8], ["torch.save", "safetensors"]);
        WeightsBench.Refused([0x89, .. "HDF\r\n\x1a\n"u8], ["Keras", "safetensors"]);
    }

    private static void NotOnnx(byte[] file, params string[] words)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(file);
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => network.Layers);
        foreach (string word in words)
        {
            StringAssert.Contains(e.Message, word);
        }
    }
}
