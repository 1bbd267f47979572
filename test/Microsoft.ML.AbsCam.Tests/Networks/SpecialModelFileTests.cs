using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>A pipe in the place of a file of weights is refused before it is opened. A reader that waits fails by the timeout.</summary>
[TestClass]
public sealed class SpecialModelFileTests
{
    private const int Milliseconds = 20_000;
    private const string Problem = "is empty (0 bytes), or a pipe, a socket or a device";

    [TestMethod]
    [Timeout(Milliseconds)]
    public void As_a_model()
    {
        using var folder = new TemporaryFolder();
        string pipe = SpecialFile.Pipe(folder.Path, "pipe.onnx");
        Refused("pipe.onnx: the file ", () => ImageNetwork.FromOnnx(pipe));
        Refused("zero: the file ", () => ImageNetwork.FromOnnx(SpecialFile.EndlessDevice));
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public void As_a_script()
    {
        using var folder = new TemporaryFolder();
        string pipe = SpecialFile.Pipe(folder.Path, "pipe.pt");
        using ImageNetwork network = ImageNetwork.FromTorchScript(pipe, pipe, 8, 8);
        Refused("pipe.pt: ", () => _ = network.Shape);
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public void As_weights_of_a_module()
    {
        using var folder = new TemporaryFolder();
        string pipe = SpecialFile.Pipe(folder.Path, "pipe.safetensors");
        using var module = nn.Linear(2, 2);
        Refused("pipe.safetensors: ", () => ModuleWeights.Load(module, pipe));
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public void As_weights_beside_a_model()
    {
        using var folder = new TemporaryFolder();
        SpecialFile.Pipe(folder.Path, "pipe.bin");
        var proto = new TensorProto { Name = "w" };
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "pipe.bin" });
        Refused("net.onnx: w lies in 'pipe.bin', which cannot be read (it ", () => new ExternalData("net.onnx", folder.Path).Read(proto, "w", 8));
    }

    private static void Refused(string place, Action read)
    {
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(read);
        StringAssert.StartsWith(e.Message, place);
        StringAssert.Contains(e.Message, Problem);
    }
}
