using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>
/// Reverse-mode differentiation of a part of a graph, written as nodes of standard operators: each step's adjoint in turn, from the last step to the
/// first, and the sum of the gradients of a value that is read more than once.
/// </summary>
internal static class ReversePass
{
    /// <param name="graph">The graph.</param>
    /// <param name="steps">The steps that lead from the value to the score, each behind those that it reads from; others may be among them.</param>
    /// <param name="from">The slot of the value whose gradient is wanted.</param>
    /// <param name="to">The slot of the score.</param>
    /// <param name="seed">The name of the score's gradient, of the score's shape.</param>
    /// <param name="shapes">What is known of the values.</param>
    /// <param name="writer">Takes the nodes.</param>
    /// <returns>The name of the gradient, of the value's shape.</returns>
    /// <exception cref="NetworkLoadException">An operator on the way has no adjoint, or no gradient reaches the value.</exception>
    public static string Write(OnnxGraph graph, IEnumerable<GraphStep> steps, int from, int to, string seed, Func<int, ValueShape> shapes, NodeWriter writer)
    {
        GraphStep[] way = Way(steps, from, shapes);
        Dictionary<int, List<string>> gradients = new() { [to] = [seed] };
        HashSet<int> dependent = [from, .. way.SelectMany(step => step.Writes)];
        foreach (GraphStep step in way.Reverse())
        {
            string?[] ofOutputs = [.. step.OutputSlots.Select(slot => slot != GraphStep.Absent && slot != from ? Sum(gradients, slot, writer) : null)];
            if (ofOutputs.All(gradient => gradient is null))
            {
                continue;
            }

            bool[] wanted = [.. step.InputSlots.Select(slot => slot != GraphStep.Absent && dependent.Contains(slot) && shapes(slot).IsReal)];
            var at = new AdjointStep(step.Node, writer, Shapes(step.InputSlots, shapes), Shapes(step.OutputSlots, shapes), ofOutputs, wanted, input => Constants(graph, step, input));
            Adjoint adjoint = AdjointOf(step);
            adjoint(at);
            for (int i = 0; i < wanted.Length; i++)
            {
                if (wanted[i] && at.Given(i) is null && !ReferenceEquals(adjoint, AdjointStep.NoGradient))
                {
                    // What an adjoint says nothing of would be missing from the sum.
                    throw at.Error($"its input {i} ('{step.Node.Inputs[i]}') depends on the layer");
                }

                if (wanted[i] && at.Given(i) is string gradient)
                {
                    if (!gradients.TryGetValue(step.InputSlots[i], out List<string>? sum))
                    {
                        gradients[step.InputSlots[i]] = sum = [];
                    }

                    sum.Add(gradient);
                }
            }

            writer.Adjoints.Add(new WrittenAdjoint(step.Node, ofOutputs, [.. wanted.Select((_, input) => at.Given(input))]));
        }

        return Sum(gradients, from, writer)
            ?? throw new NetworkLoadException($"{graph.Source}: no gradient reaches the layer '{graph.NameOf(from)}' from the class scores, because the network rounds or compares on the way; choose another layer.");
    }

    /// <summary>The same through steps that treat each channel by itself, where a row's score depends on one of its channels alone: only that one is read and written.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">The steps, one behind the other: each reads the one before, and constants.</param>
    /// <param name="channels">The name of the channel of each row [batch].</param>
    /// <param name="gradient">The name of the gradient of the last step's output at that channel [batch, 1, ...].</param>
    /// <param name="shapes">What is known of the values.</param>
    /// <param name="writer">Takes the nodes.</param>
    /// <returns>The name of the gradient of what the first step reads, at that channel.</returns>
    /// <exception cref="NetworkLoadException">An operator on the way has no adjoint.</exception>
    public static string WriteOneChannel(OnnxGraph graph, IReadOnlyList<GraphStep> steps, string channels, string gradient, Func<int, ValueShape> shapes, NodeWriter writer)
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach (GraphStep step in steps.Reverse())
        {
            ValueShape?[] inputs = Shapes(step.InputSlots, shapes);
            ValueShape?[] outputs = Shapes(step.OutputSlots, shapes);
            (inputs[0], outputs[0]) = (OneChannel(inputs[0]!), OneChannel(outputs[0]!));
            bool[] wanted = [true, .. new bool[inputs.Length - 1]];
            string?[] ofOutputs = [gradient, .. new string?[outputs.Length - 1]];
            string[] alone = [step.Node.Inputs[0], step.Node.Outputs[0]];
            var at = new AdjointStep(step.Node, writer, inputs, outputs, ofOutputs, wanted, input => Constants(graph, step, input), name =>
                !alone.Contains(name) ? name
                : read.TryGetValue(name, out string? known) ? known
                : read[name] = writer.OneChannel(name, channels));
            AdjointOf(step)(at);
            gradient = at.Given(0) ?? throw at.Error($"its input 0 ('{step.Node.Inputs[0]}') depends on the layer");
        }

        return gradient;
    }

    private static ValueShape OneChannel(ValueShape shape)
    {
        long[] sizes = [.. shape.Sizes];
        sizes[1] = 1;
        return shape with { Sizes = sizes };
    }

    private static Adjoint AdjointOf(GraphStep step) => step.Definition.Adjoint
        ?? throw step.Node.Error("the operator lies between the layer and the score, and has no adjoint, so its gradient cannot be written into a model file. Choose a layer behind it, or explain with the network itself.");

    // Those through whose real numbers the value acts.
    private static GraphStep[] Way(IEnumerable<GraphStep> steps, int from, Func<int, ValueShape> shapes)
    {
        HashSet<int> dependent = [from];
        List<GraphStep> way = [];
        foreach (GraphStep step in steps)
        {
            int[] real = [.. step.Writes.Where(slot => shapes(slot).IsReal)];
            if (real.Length > 0 && step.Reads.Any(dependent.Contains))
            {
                dependent.UnionWith(real);
                way.Add(step);
            }
        }

        return [.. way];
    }

    private static string? Sum(Dictionary<int, List<string>> gradients, int slot, NodeWriter writer)
    {
        if (!gradients.TryGetValue(slot, out List<string>? parts))
        {
            return null;
        }

        if (parts.Count > 1)
        {
            gradients[slot] = parts = [parts.Count == 2 ? writer.Add(parts[0], parts[1]) : writer.Node("Sum", parts)];
        }

        return parts[0];
    }

    private static ValueShape?[] Shapes(int[] slots, Func<int, ValueShape> shapes) => [.. slots.Select(slot => slot == GraphStep.Absent ? null : shapes(slot))];

    private static double[]? Constants(OnnxGraph graph, GraphStep step, int input) =>
        step.Node.ReplacedInts(input) is long[] replaced ? [.. replaced.Select(number => (double)number)]
        : graph.Constants.TryGetValue(step.InputSlots[input], out Tensor? constant) ? HostValues.Doubles(constant)
        : null;
}
