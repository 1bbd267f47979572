using Microsoft.ML.AbsCam.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Modules;

/// <summary>An ONNX file as a TorchSharp module: what is read, what goes in, and what comes out.</summary>
[TestClass]
public sealed class OnnxModuleTests
{
    [TestMethod]
    public void A_module_computes_what_OnnxRuntime_computes()
    {
        byte[] file = SmallClassifier.Model().ToBytes();
        float[] image = OnnxModelBuilder.Numbers(SmallClassifier.Batch, 1);
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(file);
        Close.AreClose(OnnxRuntimeOracle.Run(file, image, SmallClassifier.Batch).Values, module.call(tensor(image, SmallClassifier.Batch)).data<float>().ToArray(), 1e-6, "logits");
    }

    [TestMethod]
    public void Several_outputs_come_by_name_and_one_or_a_value_inside_can_be_chosen()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = SmallClassifier.Model().Output("pooled").ToBytes();
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 8), SmallClassifier.Batch);
        using OnnxModule module = OnnxModule.Load(file);
        CollectionAssert.AreEqual((string[])["logits", "pooled"], module.Outputs.ToArray());
        IReadOnlyDictionary<string, Tensor> all = module.Run(input);
        CollectionAssert.AreEqual(all["logits"].data<float>().ToArray(), module.call(input).data<float>().ToArray());
        CollectionAssert.AreEqual((long[])[2, 6, 1, 1], all["pooled"].shape);

        using OnnxModule features = OnnxModule.Load(file, new OnnxModuleOptions { Output = "flat" });
        CollectionAssert.AreEqual(all["pooled"].data<float>().ToArray(), features.call(input).data<float>().ToArray());
        CollectionAssert.DoesNotContain(features.named_parameters().Select(pair => pair.name).ToArray(), "linear.weight");
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxModule.Load(file, new OnnxModuleOptions { Output = "flatt" })).Message, "Did you mean 'flat'");
    }

    [TestMethod]
    public void Several_inputs_go_in_by_name()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = new OnnxModelBuilder().Input("left", 0, 3).Input("right", 0, 3).Node("Sub", "left right", "difference").Output("difference").ToBytes();
        using OnnxModule module = OnnxModule.Load(file);
        CollectionAssert.AreEqual((string[])["left", "right"], module.Inputs.ToArray());
        Tensor[] rows = [ones(2, 3), zeros(2, 3)];
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => module.call(rows[0])).Message, "has 2 inputs ('left' [?, 3], 'right' [?, 3])");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => module.Run(new Dictionary<string, Tensor> { ["left"] = rows[0] })).Message, "'right' [?, 3] is missing");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => module.Run(new Dictionary<string, Tensor> { ["left"] = rows[0], ["right"] = rows[1], ["lefd"] = rows[0] })).Message, "Did you mean 'left'");
        Assert.AreEqual(6, module.Run(new Dictionary<string, Tensor> { ["left"] = rows[0], ["right"] = rows[1] })["difference"].sum().ToDouble());
    }

    [TestMethod]
    public void A_batch_that_the_file_does_not_take_is_refused_with_what_to_do()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(new OnnxModelBuilder().Input("image", 1, 3).Node("Relu", "image", "y").Output("y").ToBytes());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => module.call(ones(2, 3))).Message, "is given [2, 3]. Export the network with an open batch");
        Assert.IsFalse(Assert.ThrowsExactly<ArgumentException>(() => module.call(ones(1, 4))).Message.Contains("open batch", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_squeeze_that_asks_for_open_sizes_needs_the_inputs_shape()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = new OnnxModelBuilder().Input("x", 0, 0, 1).Node("Squeeze", "x", "y").Output("y").ToBytes();
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxModule.Load(file)).Message, "OnnxModuleOptions.InputShape");
        using OnnxModule module = OnnxModule.Load(file, new OnnxModuleOptions { InputShape = [1, 4, 1] });
        CollectionAssert.AreEqual((long[])[1, 4], module.call(ones(1, 4, 1)).shape);
    }

    [TestMethod]
    public void A_file_and_a_stream_are_read_as_bytes_are()
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, SmallClassifier.Model().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 10), SmallClassifier.Batch);
        using OnnxModule bytes = OnnxModule.Load(File.ReadAllBytes(path));
        using OnnxModule file = OnnxModule.Load(path);
        using FileStream stream = File.OpenRead(path);
        using OnnxModule streamed = OnnxModule.Load(stream);
        CollectionAssert.AreEqual(bytes.call(input).data<float>().ToArray(), file.call(input).data<float>().ToArray());
        CollectionAssert.AreEqual(bytes.call(input).data<float>().ToArray(), streamed.call(input).data<float>().ToArray());
    }

    [TestMethod]
    public void What_is_no_network_is_refused_with_what_it_is()
    {
        StringAssert.Contains(Refused([]), "empty");
        StringAssert.Contains(Refused([.. "<!DOCTYPE html>"u8]), "not an ONNX model");
        StringAssert.Contains(Refused(SmallClassifier.Model().ToBytes()[..100]), "the model: ");
        StringAssert.Contains(Refused(new OnnxModelBuilder().Input("x", 1).Node("Loop", "x", "y").Output("y").ToBytes()), "control flow (Loop, Scan) is not supported");
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxModule.Load(Path.Combine(folder.Path, "none.onnx"))).Message, "none.onnx: the file cannot be read");
    }

    [TestMethod]
    public void Loading_running_and_disposing_leave_no_tensor_behind()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes()))
        using (Tensor input = ones(SmallClassifier.Batch))
        {
            module.call(input).Dispose();
            module.to(ScalarType.Float64);
            using Tensor fine = input.to(ScalarType.Float64);
            module.call(fine).Dispose();
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        OnnxModule gone = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        gone.Dispose();
        using Tensor image = ones(SmallClassifier.Batch);
        Assert.ThrowsExactly<ObjectDisposedException>(() => gone.call(image));
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow("squeezenet1.0")]
    [DataRow("resnet20-cifar10")]
    public void Real_networks_give_PyTorchs_logits(string network)
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(SharedData.PathOrSkip("models", network + ".onnx"));
        foreach (string folder in Directory.GetDirectories(SharedData.PathOrSkip("parity", network)))
        {
            Npy input = Npy.Read(Path.Combine(folder, "input.npy"));
            Close.AreClose(Npy.Read(Path.Combine(folder, "logits.npy")).Values, module.call(tensor(input.Values, input.Shape)).data<float>().ToArray(), 1e-4, folder);
        }
    }

    private static string Refused(byte[] file) => Assert.ThrowsExactly<NetworkLoadException>(() => OnnxModule.Load(file)).Message;
}
