using Microsoft.ML.AbsCam.Onnx.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The gradient of a graph beside central differences, in double precision.</summary>
internal static class FiniteDifferences
{
    // In double a step of 1e-6 leaves an error near 1e-10 of the result; an operator without a right gradient is off by its whole.
    private const double Step = 1e-6;
    private const double Tolerance = 1e-5;

    // A corner (of a maximum, of a ReLU) may lie within a step; at another point it does not.
    private const int Points = 3;

    /// <summary>The slope of the first output, by each real input of the model in turn, at reproducible numbers.</summary>
    /// <param name="model">Its inputs are of known sizes.</param>
    public static void Agree(OnnxModelBuilder model)
    {
        using DisposeScope scope = NewDisposeScope();
        model.ToBytesWithoutOutputShapes();
        using OnnxGraph graph = OnnxGraph.Load(InDouble.Model(model.Model), "gradient.onnx");
        Dictionary<string, Tensor> inputs = graph.Inputs.ToDictionary(
            input => input.Name,
            input => Wave(empty(input.Dimensions!.Select(size => size!.Value).ToArray()), input.Name.Length + input.Name[0]));
        foreach (string name in inputs.Keys)
        {
            Agree(graph, inputs, name);
        }
    }

    /// <summary>The slope of the first output, by one of the inputs.</summary>
    /// <param name="graph">In double.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="given">The one that is moved.</param>
    public static void Agree(OnnxGraph graph, Dictionary<string, Tensor> inputs, string given)
    {
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

        Assert.Fail($"The slope along '{given}' by the gradient and by differences:{found}");
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
