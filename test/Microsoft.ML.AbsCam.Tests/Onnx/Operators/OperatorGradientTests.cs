using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>The gradient of every operator beside central differences, in double precision.</summary>
[TestClass]
public sealed class OperatorGradientTests
{
    private static readonly string[] WithoutGradient =
        ["ArgMax", "ArgMin", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Range", "And", "Or", "Xor", "Not", "Hardmax", "OneHot"];

    private static readonly string[] Rounding = ["QuantizeLinear", "DequantizeLinear"];

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object?[]> Differentiable()
    {
        string[] names = [.. OnnxNodeCase.All.Where(one => one.NotApplicable() is null && NoGradient(one) is null).Select(one => one.Name)];
        return names.Length == 0 ? [[null]] : names.Select(name => new object?[] { name });
    }

    [TestMethod]
    [DataRow("GlobalLpPool")]
    [DataRow("LpPool")]
    [DataRow("ReduceL2")]
    [DataRow("LpNormalization")]
    public void The_length_of_nothing_has_a_gradient_of_zero(string operation)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("x", 1, 1, 4, 4).Node(operation, "x", "y", operation == "LpPool" ? [("kernel_shape", new long[] { 2, 2 })] : []).Output("y");
        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(model.ToBytesWithoutOutputShapes(), "length.onnx");
        Tensor x = zeros(1, 1, 4, 4).requires_grad_();
        graph.Steps[0].Compute([x], new Microsoft.ML.AbsCam.Onnx.Nodes.ImportBudget(OnnxImportLimits.Default))[0]!.sum().backward();
        Assert.IsTrue(x.grad!.eq(0).all().item<bool>() || operation == "LpNormalization");
        Assert.IsTrue(x.grad!.isfinite().all().item<bool>());
    }

    [TestMethod]
    [DynamicData(nameof(Differentiable))]
    public void The_gradient_is_that_of_finite_differences(string? name)
    {
        if (name is null)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        OnnxNodeCase one = OnnxNodeCase.Named(name);
        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(InDouble.Model(one.Parsed), one.Name);
        TensorReader reader = new(name, new ExternalData(name, null));
        Dictionary<string, Tensor> inputs = graph.Inputs.Zip(one.Inputs).ToDictionary(pair => pair.First.Name, pair => reader.Read(InDouble.Tensor(pair.Second), pair.First.Name));
        FiniteDifferences.Agree(graph, inputs, graph.Inputs[0].Name);
    }

    [TestMethod]
    public void Cases_without_a_gradient_are_counted_by_reason()
    {
        OnnxNodeCase[] all = [.. OnnxNodeCase.All.Where(one => one.NotApplicable() is null)];
        if (all.Length == 0)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        foreach (IGrouping<string, OnnxNodeCase> reason in all.GroupBy(one => NoGradient(one) ?? "differentiable").OrderByDescending(cases => cases.Count()))
        {
            TestContext.WriteLine($"{reason.Count(),4} {reason.Key}{(reason.Key == "differentiable" ? "" : ": " + string.Join(", ", reason.Select(one => one.Name)))}");
        }

        Assert.IsGreaterThan(all.Length / 2, all.Count(one => NoGradient(one) is null));
    }

    private static string? NoGradient(OnnxNodeCase one)
    {
        if (one.RefusedFor is not null || one.IsReadOtherwise)
        {
            return "refused, or reads the format otherwise";
        }

        GraphProto graph = one.Parsed.Graph;
        int[] types = [.. graph.Input.Concat(graph.Output).Select(value => value.Type.TensorType.ElemType)];
        if (types.Any(type => type is ElementTypes.Float16 or ElementTypes.BFloat16))
        {
            return "half-width numbers, which finite differences cannot measure";
        }

        if (graph.Input.Count == 0 || types[0] is not (ElementTypes.Float or ElementTypes.Double))
        {
            return "the first input is no real number";
        }

        if (graph.Output[0].Type.TensorType.ElemType is not (ElementTypes.Float or ElementTypes.Double))
        {
            return "the first output is no real number";
        }

        if (graph.Node.Any(node => Rounding.Contains(node.OpType)))
        {
            return "gradients pass its rounding on purpose as if it were not there";
        }

        if (graph.Node.Any(node => OperatorRegistry.Find(node.OpType)?.Settled.Length > 0))
        {
            return "read only where no image changes it";
        }

        return graph.Node.Select(node => node.OpType).FirstOrDefault(WithoutGradient.Contains) is string name ? $"{name} is constant between its jumps" : null;
    }
}
