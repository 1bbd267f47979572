using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>The gradient of every operator beside central differences, in double precision.</summary>
[TestClass]
public sealed class OperatorGradientTests
{
    // In double a step of 1e-6 leaves an error near 1e-10 of the result; an operator without a right gradient is off by its whole.
    private const double Step = 1e-6;
    private const double Tolerance = 1e-5;

    // A corner (of a maximum, of a ReLU) may lie within a step; at another point it does not.
    private const int Points = 3;

    private static readonly string[] WithoutGradient =
        ["ArgMax", "ArgMin", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Range", "And", "Or", "Xor", "Not"];

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
        string given = graph.Inputs[0].Name;
        Tensor start = inputs[given];
        string found = "";
        for (int point = 1; point <= Points; point++)
        {
            // A little beside the case's own numbers, where many lie on a corner.
            Tensor x = start.add(Wave(start, point).mul(0.01));
            (double exact, double measured) = Slopes(graph, inputs, given, x, Wave(start, 10 + point));
            if (Math.Abs(exact - measured) <= Tolerance * Math.Max(1, Math.Abs(exact)))
            {
                return;
            }

            found += $" {exact} beside {measured};";
        }

        Assert.Fail($"The slope by the gradient and by differences:{found}");
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

        return graph.Node.Select(node => node.OpType).FirstOrDefault(WithoutGradient.Contains) is string name ? $"{name} is constant between its jumps" : null;
    }

    // Of a weighted sum of the output, along one direction of the input: by the gradient, and by two values of the function.
    private static (double Exact, double Measured) Slopes(OnnxGraph graph, Dictionary<string, Tensor> inputs, string name, Tensor at, Tensor direction)
    {
        double Value(Tensor x)
        {
            using IDisposable noGrad = no_grad();
            return Sum(graph, inputs, name, x).item<double>();
        }

        Tensor leaf = at.detach().clone().requires_grad_(true);
        Tensor sum = Sum(graph, inputs, name, leaf);
        Assert.IsTrue(sum.requires_grad, "no gradient reaches the input");
        Tensor gradient = autograd.grad([sum], [leaf], allow_unused: true)[0];
        double exact = gradient.mul(direction).sum().item<double>();
        return (exact, (Value(at.add(direction.mul(Step))) - Value(at.sub(direction.mul(Step)))) / (2 * Step));
    }

    private static Tensor Sum(OnnxGraph graph, Dictionary<string, Tensor> inputs, string name, Tensor x)
    {
        Tensor output = graph.Run(new Dictionary<string, Tensor>(inputs) { [name] = x })[0];
        return output.mul(Wave(output, 0)).sum();
    }

    // Numbers between -1 and 1 that are all different and the same in every run.
    private static Tensor Wave(Tensor like, int phase) => arange(like.numel(), ScalarType.Float64).mul(0.7).add(0.3 + phase).sin().reshape(like.shape);
}
