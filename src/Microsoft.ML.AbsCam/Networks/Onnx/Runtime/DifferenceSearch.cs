using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>
/// Where ONNX Runtime parts from TorchSharp in a file with a gradient written into it. Each node is computed in TorchSharp from what ONNX Runtime gave it to read, so
/// that what goes wrong at one is not held against those behind it.
/// </summary>
/// <param name="graph">The network.</param>
/// <param name="steps">What leads from the image to the scores.</param>
/// <param name="input">The slot of the image.</param>
/// <param name="scores">The slot of the scores.</param>
internal sealed class DifferenceSearch(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, int scores)
{
    private readonly Tensor?[] _values = graph.NewValues();

    /// <summary>The first node, from the image to the scores and back, that is at fault; where none is, the one that differs most.</summary>
    /// <param name="images">As the file takes them.</param>
    /// <param name="there">What ONNX Runtime gave for them, by name; values that are not known may be missing.</param>
    /// <param name="adjoints">What was written of the gradient.</param>
    /// <param name="asked">What the gradient is of: from the outputs [batch, numbers] to numbers whose sum is differentiated.</param>
    public NodeDifference? Find(Tensor images, IReadOnlyDictionary<string, Tensor> there, IReadOnlyList<WrittenAdjoint> adjoints, Func<Tensor, Tensor> asked)
    {
        using DisposeScope scope = NewDisposeScope();
        _values[input] = images;
        NodeDifference? worst = null;
        foreach (NodeDifference one in Values(there).Concat(Asked(there, adjoints, asked)).Concat(Gradients(there, adjoints)))
        {
            if (one.IsFault)
            {
                return one;
            }

            worst = worst is null || one.Share > worst.Share ? one : worst;
        }

        return worst;
    }

    private IEnumerable<NodeDifference> Values(IReadOnlyDictionary<string, Tensor> there)
    {
        foreach (GraphStep step in steps)
        {
            using (no_grad())
            {
                step.Run(_values);
            }

            foreach (int slot in step.Writes)
            {
                Tensor own = _values[slot]!;
                if (there.TryGetValue(graph.NameOf(slot), out Tensor? found))
                {
                    yield return new NodeDifference(step.Node, false, Share(own, found));
                    _values[slot] = found.to(own.dtype);
                }
            }
        }
    }

    // The gradient at the value where the adjoints begin: the scores, or what goes into the last linear layer.
    private IEnumerable<NodeDifference> Asked(IReadOnlyDictionary<string, Tensor> there, IReadOnlyList<WrittenAdjoint> adjoints, Func<Tensor, Tensor> asked)
    {
        if (adjoints is not [var first, ..] || Array.FindIndex(first.OfOutputs, name => name is not null) is not (>= 0 and int output) || !there.TryGetValue(first.OfOutputs[output]!, out Tensor? found))
        {
            yield break;
        }

        int from = StepOf(first).OutputSlots[output];
        using IDisposable grad = enable_grad();
        Tensor leaf = _values[from]!.detach().requires_grad_(true);
        Tensor?[] values = [.. _values];
        values[from] = leaf;
        HashSet<int> behind = [from];
        foreach (GraphStep step in steps.Where(step => step.Reads.Any(behind.Contains)))
        {
            step.Run(values);
            behind.UnionWith(step.Writes);
        }

        long rows = _values[input]!.shape[0];
        yield return new NodeDifference(null, true, Share(GradientOf(asked(values[scores]!.reshape(rows, -1).to(ScalarType.Float32)).sum(), leaf), found));
    }

    private IEnumerable<NodeDifference> Gradients(IReadOnlyDictionary<string, Tensor> there, IReadOnlyList<WrittenAdjoint> adjoints)
    {
        foreach (WrittenAdjoint adjoint in adjoints)
        {
            GraphStep step = StepOf(adjoint);
            Tensor[] known = [.. adjoint.OfOutputs.OfType<string>().Select(name => there.GetValueOrDefault(name)).OfType<Tensor>()];
            if (known.Length < adjoint.OfOutputs.Count(name => name is not null))
            {
                continue;
            }

            using DisposeScope scope = NewDisposeScope();
            using IDisposable grad = enable_grad();
            Tensor?[] inputs = [.. step.InputSlots.Select((slot, i) =>
                slot == GraphStep.Absent ? null : adjoint.OfInputs[i] is null ? _values[slot] : _values[slot]!.detach().clone().requires_grad_(true))];
            Tensor?[] outputs = step.Compute(inputs);
            Tensor[] parts = [.. outputs.Where((_, i) => adjoint.OfOutputs[i] is not null).Select((output, i) => (output! * known[i].reshape(output!.shape).to(output.dtype)).sum())];
            Tensor sum = stack(parts).sum();
            for (int i = 0; i < inputs.Length; i++)
            {
                if (adjoint.OfInputs[i] is string name && there.TryGetValue(name, out Tensor? found))
                {
                    yield return new NodeDifference(step.Node, true, Share(GradientOf(sum, inputs[i]!), found));
                }
            }
        }
    }

    private GraphStep StepOf(WrittenAdjoint adjoint) => steps.First(step => ReferenceEquals(step.Node, adjoint.Node));

    // libtorch ends the process where a sum does not depend on the leaf, so it is made to, by nothing.
    private static Tensor GradientOf(Tensor sum, Tensor leaf) => autograd.grad([sum.Plus((leaf * zeros_like(leaf)).sum())], [leaf], retain_graph: true)[0];

    private static double Share(Tensor own, Tensor found)
    {
        float[] expected = own.detach().to(ScalarType.Float32).ToFloats();
        float[] actual = found.detach().to(ScalarType.Float32).ToFloats();
        if (expected.Length != actual.Length)
        {
            return double.PositiveInfinity;
        }

        (double difference, double most) = (0, 1e-30);
        for (int i = 0; i < expected.Length; i++)
        {
            bool isSame = expected[i] == actual[i] || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            double here = isSame ? 0 : Math.Abs((double)expected[i] - actual[i]);
            difference = double.IsNaN(here) ? double.PositiveInfinity : Math.Max(difference, here);
            most = float.IsFinite(expected[i]) ? Math.Max(most, Math.Abs(expected[i])) : most;
        }

        return difference / most;
    }
}
