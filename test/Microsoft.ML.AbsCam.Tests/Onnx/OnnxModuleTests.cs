using Microsoft.ML.AbsCam.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx;

/// <summary>An ONNX file as a TorchSharp module.</summary>
[TestClass]
public sealed class OnnxModuleTests
{
    private static readonly long[] Batch = [2, 3, 5, 5];

    [TestMethod]
    public void A_module_computes_what_OnnxRuntime_computes()
    {
        byte[] file = Classifier().ToBytes();
        float[] image = OnnxModelBuilder.Numbers(Batch, 1);
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(file);
        Close.AreClose(OnnxRuntimeOracle.Run(file, image, Batch).Values, module.call(tensor(image, Batch)).data<float>().ToArray(), 1e-6, "logits");
    }

    [TestMethod]
    public void Weights_are_parameters_and_statistics_are_buffers_by_the_files_names()
    {
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        CollectionAssert.AreEqual((string[])["conv.weight", "conv.bias", "norm::scale", "norm::shift", "linear.weight", "linear.bias"], module.named_parameters().Select(pair => pair.name).ToArray());
        CollectionAssert.AreEqual((string[])["norm::mean", "norm::variance"], module.named_buffers().Select(pair => pair.name).ToArray());
        Assert.IsTrue(module.parameters().All(parameter => parameter.requires_grad && parameter.is_leaf));
        Assert.AreEqual(8, module.state_dict().Count);
    }

    [TestMethod]
    [DataRow("conv.weight")]
    [DataRow("conv.bias")]
    [DataRow("norm::scale")]
    [DataRow("norm::shift")]
    [DataRow("linear.weight")]
    [DataRow("linear.bias")]
    public void The_gradient_of_a_parameter_is_that_of_central_differences(string name)
    {
        const double Step = 1e-5;
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        module.to(ScalarType.Float64);
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 2), Batch).to(ScalarType.Float64);
        Parameter parameter = module.get_parameter(name)!;
        Loss(module, input).backward();
        double[] gradient = parameter.grad!.data<double>().ToArray();
        using (no_grad())
        {
            Tensor flat = parameter.view(-1);
            for (int i = 0; i < gradient.Length; i++)
            {
                double at = flat[i].ToDouble();
                flat[i] = tensor(at + Step);
                double above = Loss(module, input).ToDouble();
                flat[i] = tensor(at - Step);
                double below = Loss(module, input).ToDouble();
                flat[i] = tensor(at);
                Assert.AreEqual((above - below) / (2 * Step), gradient[i], 1e-7, $"{name}[{i}]");
            }
        }
    }

    [TestMethod]
    public void The_gradient_reaches_the_input()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 3), Batch, requires_grad: true);
        module.call(input).sum().backward();
        Assert.IsGreaterThan(0, input.grad!.abs().sum().ToDouble());
    }

    [TestMethod]
    public void A_state_dict_goes_from_one_module_to_another()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule trained = OnnxModule.Load(Classifier().ToBytes());
        using OnnxModule other = OnnxModule.Load(Classifier().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 4), Batch);
        using (no_grad())
        {
            foreach (Tensor value in trained.state_dict().Values)
            {
                value.mul_(1.5);
            }
        }

        float[] expected = trained.call(input).data<float>().ToArray();
        using var stream = new MemoryStream();
        trained.save(stream);
        Assert.AreNotEqual(expected[0], other.call(input).data<float>()[0], "the weights differ before");
        using var saved = new MemoryStream(stream.ToArray());
        other.load(saved);
        CollectionAssert.AreEqual(expected, other.call(input).data<float>().ToArray());

        using OnnxModule third = OnnxModule.Load(Classifier().ToBytes());
        third.load_state_dict(trained.state_dict());
        CollectionAssert.AreEqual(expected, third.call(input).data<float>().ToArray());
    }

    [TestMethod]
    public void An_optimiser_changes_what_the_module_computes()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 5), Batch);
        Tensor targets = tensor((long[])[0, 3]);
        using var optimiser = optim.SGD(module.parameters(), 0.1);
        double first = 0, last = 0;
        for (int step = 0; step < 20; step++)
        {
            optimiser.zero_grad();
            Tensor loss = nn.functional.cross_entropy(module.call(input), targets);
            loss.backward();
            optimiser.step();
            (first, last) = (step == 0 ? loss.ToDouble() : first, loss.ToDouble());
        }

        Assert.IsLessThan(first / 2, last);
    }

    [TestMethod]
    public void In_another_type_the_module_computes_the_same_and_comes_back()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 6), Batch);
        float[] expected = module.call(input).data<float>().ToArray();
        module.to(ScalarType.Float64);
        Assert.IsTrue(module.state_dict().Values.All(value => value.dtype == ScalarType.Float64));
        Tensor fine = module.call(input.to(ScalarType.Float64));
        Assert.AreEqual(ScalarType.Float64, fine.dtype);
        Close.AreClose(expected, fine.to(ScalarType.Float32).data<float>().ToArray(), 1e-5, "in double");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => module.call(input)).Message, "takes Float64 and is given Float32");
        module.to(ScalarType.Float32);
        CollectionAssert.AreEqual(expected, module.call(input).data<float>().ToArray());
        Assert.IsTrue(module.parameters().All(parameter => parameter.requires_grad && parameter.is_leaf));
    }

    [TestMethod]
    public void On_another_device_all_real_numbers_are_there()
    {
        // Shapes without numbers: an operand that stayed behind on the CPU is refused there as on a GPU. Convolutions are not told for it.
        using DisposeScope scope = NewDisposeScope();
        byte[] file = new OnnxModelBuilder().Input("x", 0, 3).Weight("w", 3, 4).Weight("b", 4).Weight("half", [1], 0.5f).Weight("table", 1, 4)
            .Node("MatMul", "x w", "product").Node("Add", "product b", "sum").Node("Mul", "sum half", "less").Node("Mul", "less table", "y").Output("y").ToBytes();
        using OnnxModule module = OnnxModule.Load(file);
        module.to(META);
        Assert.HasCount(3, module.state_dict());
        Assert.IsTrue(module.state_dict().Values.All(value => value.device_type == DeviceType.META));
        Tensor output = module.call(zeros([2, 3], device: META));
        Assert.AreEqual(DeviceType.META, output.device_type);
        CollectionAssert.AreEqual((long[])[2, 4], output.shape);
    }

    [TestMethod]
    public void Training_mode_keeps_the_statistics()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 7), Batch);
        module.eval();
        float[] expected = module.call(input).data<float>().ToArray();
        float[] mean = module.get_buffer("norm::mean")!.data<float>().ToArray();
        module.train();
        CollectionAssert.AreEqual(expected, module.call(input).data<float>().ToArray());
        CollectionAssert.AreEqual(mean, module.get_buffer("norm::mean")!.data<float>().ToArray());
    }

    [TestMethod]
    public void Several_outputs_come_by_name_and_one_or_a_value_inside_can_be_chosen()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = Classifier().Output("pooled").ToBytes();
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 8), Batch);
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
    public void Tables_are_parameters_where_they_are_asked_for()
    {
        byte[] file = new OnnxModelBuilder().Input("tokens", 0, 4, 3).Weight("positions", 1, 4, 3).Node("Add", "tokens positions", "y").Output("y").ToBytes();
        using OnnxModule plain = OnnxModule.Load(file);
        using OnnxModule asked = OnnxModule.Load(file, new OnnxModuleOptions { IsParameter = name => name == "positions" });
        Assert.IsEmpty(plain.parameters());
        Assert.AreEqual("positions", plain.named_buffers().Single().name);
        Assert.AreEqual("positions", asked.named_parameters().Single().name);
        Assert.IsEmpty(asked.buffers());
    }

    [TestMethod]
    public void A_weight_that_is_turned_once_has_memory_of_its_own()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = new OnnxModelBuilder().Input("x", 0, 3).Weight("w", 3, 3).Node("Transpose", "w", "turned").Node("MatMul", "x w", "a").Node("MatMul", "a turned", "y").Output("y").ToBytes();
        using OnnxModule module = OnnxModule.Load(file);
        CollectionAssert.AreEquivalent((string[])["w", "turned"], module.named_parameters().Select(pair => pair.name).ToArray());
        float[] before = module.get_parameter("turned")!.data<float>().ToArray();
        using (no_grad())
        {
            module.get_parameter("w")!.zero_();
        }

        CollectionAssert.AreEqual(before, module.get_parameter("turned")!.data<float>().ToArray());
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
    public void What_was_trained_runs_in_OnnxRuntime()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(Classifier().ToBytes());
        using (no_grad())
        {
            module.get_parameter("linear.weight")!.mul_(-2);
        }

        float[] image = OnnxModelBuilder.Numbers(Batch, 9);
        float[] expected = module.call(tensor(image, Batch)).data<float>().ToArray();
        using var exported = new MemoryStream();
        module.ExportOnnx(exported);
        Close.AreClose(OnnxRuntimeOracle.Run(exported.ToArray(), image, Batch).Values, expected, 1e-6, "exported");
        using OnnxModule again = OnnxModule.Load(new MemoryStream(exported.ToArray()));
        CollectionAssert.AreEqual(module.named_parameters().Select(pair => pair.name).Order().ToArray(), again.named_parameters().Select(pair => pair.name).Order().ToArray());
    }

    [TestMethod]
    public void A_file_and_a_stream_are_read_as_bytes_are()
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, Classifier().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(Batch, 10), Batch);
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
        StringAssert.Contains(Refused(Classifier().ToBytes()[..100]), "the model: ");
        StringAssert.Contains(Refused(new OnnxModelBuilder().Input("x", 1).Node("Loop", "x", "y").Output("y").ToBytes()), "control flow (Loop, Scan) is not supported");
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxModule.Load(Path.Combine(folder.Path, "none.onnx"))).Message, "none.onnx: the file cannot be read");
    }

    [TestMethod]
    public void Loading_running_and_disposing_leave_no_tensor_behind()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (OnnxModule module = OnnxModule.Load(Classifier().ToBytes()))
        using (Tensor input = ones(Batch))
        {
            module.call(input).Dispose();
            module.to(ScalarType.Float64);
            using Tensor fine = input.to(ScalarType.Float64);
            module.call(fine).Dispose();
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        OnnxModule gone = OnnxModule.Load(Classifier().ToBytes());
        gone.Dispose();
        using Tensor image = ones(Batch);
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

    private static Tensor Loss(OnnxModule module, Tensor input) => module.call(input).sin().sum();

    private static OnnxModelBuilder Classifier() => new OnnxModelBuilder().Input("image", 0, 3, 5, 5)
        .Weight("conv.weight", 6, 3, 3, 3).Weight("conv.bias", 6)
        .Weight("norm::scale", 6).Weight("norm::shift", 6).Weight("norm::mean", 6).Weight("norm::variance", [6], 0.5f, 1, 2, 3, 0.7f, 1.2f)
        .Weight("linear.weight", 6, 4).Weight("linear.bias", 4)
        .Node("Conv", "image conv.weight conv.bias", "convolved", ("pads", (long[])[1, 1, 1, 1]))
        .Node("BatchNormalization", "convolved norm::scale norm::shift norm::mean norm::variance", "normed")
        .Node("Softplus", "normed", "features")
        .Node("GlobalAveragePool", "features", "pooled")
        .Node("Flatten", "pooled", "flat")
        .Node("MatMul", "flat linear.weight", "product")
        .Node("Add", "product linear.bias", "logits")
        .Output("logits", 0, 4);
}
