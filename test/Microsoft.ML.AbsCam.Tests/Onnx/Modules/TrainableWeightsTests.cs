using Microsoft.ML.AbsCam.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Modules;

/// <summary>The weights of a module from an ONNX file: parameters with gradients, that are trained, saved, moved and written back.</summary>
[TestClass]
public sealed class TrainableWeightsTests
{
    [TestMethod]
    public void Weights_are_parameters_and_statistics_are_buffers_by_the_files_names()
    {
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
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
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        module.to(ScalarType.Float64);
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 2), SmallClassifier.Batch).to(ScalarType.Float64);
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
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 3), SmallClassifier.Batch, requires_grad: true);
        module.call(input).sum().backward();
        Assert.IsGreaterThan(0, input.grad!.abs().sum().ToDouble());
    }

    [TestMethod]
    public void A_state_dict_goes_from_one_module_to_another()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule trained = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        using OnnxModule other = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 4), SmallClassifier.Batch);
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

        using OnnxModule third = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        third.load_state_dict(trained.state_dict());
        CollectionAssert.AreEqual(expected, third.call(input).data<float>().ToArray());
    }

    [TestMethod]
    public void An_optimiser_changes_what_the_module_computes()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 5), SmallClassifier.Batch);
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
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 6), SmallClassifier.Batch);
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
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        Tensor input = tensor(OnnxModelBuilder.Numbers(SmallClassifier.Batch, 7), SmallClassifier.Batch);
        module.eval();
        float[] expected = module.call(input).data<float>().ToArray();
        float[] mean = module.get_buffer("norm::mean")!.data<float>().ToArray();
        module.train();
        CollectionAssert.AreEqual(expected, module.call(input).data<float>().ToArray());
        CollectionAssert.AreEqual(mean, module.get_buffer("norm::mean")!.data<float>().ToArray());
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
    public void What_was_trained_runs_in_OnnxRuntime()
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(SmallClassifier.Model().ToBytes());
        using (no_grad())
        {
            module.get_parameter("linear.weight")!.mul_(-2);
        }

        float[] image = OnnxModelBuilder.Numbers(SmallClassifier.Batch, 9);
        float[] expected = module.call(tensor(image, SmallClassifier.Batch)).data<float>().ToArray();
        using var exported = new MemoryStream();
        module.ExportOnnx(exported);
        Close.AreClose(OnnxRuntimeOracle.Run(exported.ToArray(), image, SmallClassifier.Batch).Values, expected, 1e-6, "exported");
        using OnnxModule again = OnnxModule.Load(new MemoryStream(exported.ToArray()));
        CollectionAssert.AreEqual(module.named_parameters().Select(pair => pair.name).Order().ToArray(), again.named_parameters().Select(pair => pair.name).Order().ToArray());
    }

    private static Tensor Loss(OnnxModule module, Tensor input) => module.call(input).sin().sum();
}
