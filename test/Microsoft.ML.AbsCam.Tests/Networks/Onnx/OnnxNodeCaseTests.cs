using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Networks.Onnx.Format;
using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

[TestClass]
public sealed class OnnxNodeCaseTests
{
    // The ONNX project's own bounds.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-6;

    // What the importer refuses on purpose, by the start of the case's name, and a word of the message.
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["batchnorm_epsilon_training_mode"] = "training mode",
        ["batchnorm_example_training_mode"] = "training mode",
        ["training_dropout"] = "training mode",
        ["maxpool_with_argmax_2d_precomputed_strides"] = "Indices",
    };

    // Cases whose generator reads the format otherwise than its text and ONNX Runtime: it places corners by a fractional output
    // length (4 x 0.6 = 2.4), and cuts bits off for bfloat16 where the format rounds.
    private static readonly string[] OtherReading =
    [
        "resize_downsample_scales_cubic_align_corners", "resize_downsample_scales_linear_align_corners",
        "cast_FLOAT_to_BFLOAT16", "castlike_FLOAT_to_BFLOAT16", "castlike_FLOAT_to_BFLOAT16_expanded",
    ];

    private static readonly string[] WithoutGradient =
        ["ArgMax", "ArgMin", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Range", "Shape", "Size"];

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object?[]> Applicable()
    {
        string[] names = [.. OnnxNodeCase.All.Where(one => one.NotApplicable() is null).Select(one => one.Name).Except(OtherReading)];
        return names.Length == 0 ? [[null]] : names.Select(name => new object?[] { name });
    }

    [TestMethod]
    [DynamicData(nameof(Applicable))]
    public void An_operator_gives_what_the_format_says(string? name)
    {
        if (name is null)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        OnnxNodeCase one = OnnxNodeCase.Named(name);
        if (Refused.FirstOrDefault(entry => name.StartsWith(entry.Key, StringComparison.Ordinal)).Value is string reason)
        {
            StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => Run(one)).Message, reason);
            return;
        }

        Run(one);
    }

    [TestMethod]
    [DynamicData(nameof(Applicable))]
    public void A_gradient_reaches_the_input_of_every_operator_that_has_one(string? name)
    {
        if (name is null)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        OnnxNodeCase one = OnnxNodeCase.Named(name);
        using DisposeScope scope = NewDisposeScope();
        if (Refused.Keys.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
        {
            return;
        }

        using OnnxGraph graph = OnnxGraph.Load(one.Model, one.Name);
        Dictionary<string, Tensor> inputs = InputsOf(one, graph);
        if (graph.Inputs.Count == 0 || !inputs[graph.Inputs[0].Name].is_floating_point() || graph.Steps.Any(step => WithoutGradient.Contains(step.Node.Operator)))
        {
            return;
        }

        Tensor input = inputs[graph.Inputs[0].Name].requires_grad_(true);
        Tensor output = graph.Run(inputs)[0];

        Assert.IsTrue(output.requires_grad);
        Tensor gradient = autograd.grad([output.sum()], [input])[0];
        CollectionAssert.AreEqual(input.shape, gradient.shape);
        Assert.IsTrue(gradient.isfinite().all().item<bool>());
    }

    [TestMethod]
    public void Only_operators_outside_the_list_are_left_out()
    {
        IReadOnlyList<OnnxNodeCase> all = OnnxNodeCase.All;
        if (all.Count == 0)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        IGrouping<string, OnnxNodeCase>[] reasons = [.. all.GroupBy(one => one.NotApplicable() ?? "").OrderByDescending(group => group.Count())];
        foreach (IGrouping<string, OnnxNodeCase> reason in reasons)
        {
            TestContext.WriteLine($"{reason.Count(),4} {(reason.Key.Length == 0 ? "run" : reason.Key)}");
        }

        int run = reasons.Single(group => group.Key.Length == 0).Count();
        Assert.IsGreaterThan(all.Count / 2, run, $"{run} of {all.Count} cases are run.");
    }

    private static TensorReader Reader(OnnxNodeCase one) => new(one.Name, new ExternalData(one.Name, null));

    private static Dictionary<string, Tensor> InputsOf(OnnxNodeCase one, OnnxGraph graph) =>
        graph.Inputs.Zip(one.Inputs).ToDictionary(pair => pair.First.Name, pair => one.Read(Reader(one), pair.Second, pair.First.Name));

    private static void Run(OnnxNodeCase one)
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(one.Model, one.Name);
        Tensor[] outputs = graph.Run(InputsOf(one, graph));
        TensorProto[] expected = one.Outputs;
        Assert.HasCount(expected.Length, outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor right = one.Read(Reader(one), expected[i], graph.Outputs[i]);
            CollectionAssert.AreEqual(right.shape, outputs[i].shape, $"shape of output {i}");
            Assert.IsTrue(
                right.dtype == outputs[i].dtype || graph.Steps.Any(step => step.Node.Operator == "QuantizeLinear"),
                $"output {i} is {outputs[i].dtype}, expected {right.dtype}");
            Assert.IsTrue(
                outputs[i].to(ScalarType.Float64).allclose(right.to(ScalarType.Float64), Relative, Absolute, equal_nan: true),
                $"output {i} is {outputs[i].ToString(TorchSharp.TensorStringStyle.Numpy)}, expected {right.ToString(TorchSharp.TensorStringStyle.Numpy)}");
        }
    }
}
