using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Modules;

/// <summary>Which constants of a graph a module registers, and as what.</summary>
internal sealed class ModuleWeights
{
    private readonly HashSet<string> _inFile;

    /// <param name="graph">The network.</param>
    /// <param name="inFile">The names of the tensors that the file holds as they are.</param>
    /// <param name="isParameter">Which further tensors are parameters; null for none.</param>
    public ModuleWeights(OnnxGraph graph, IEnumerable<string> inFile, Predicate<string>? isParameter)
    {
        Graph = graph;
        _inFile = [.. inFile];
        HashSet<int> learnt = [.. LearntBy(graph).Where(IsReal)];

        // A single number may be read when a node is built, so that a change of it would not be seen.
        int[] others = [.. graph.Constants.Keys.Where(slot => IsReal(slot) && !learnt.Contains(slot) && graph.Constants[slot].numel() > 1).Order()];
        learnt.UnionWith(others.Where(slot => isParameter?.Invoke(graph.NameOf(slot)) == true));
        Learnt = [.. learnt.Order()];
        Kept = [.. others.Except(learnt)];
    }

    public OnnxGraph Graph { get; }

    /// <summary>The slots of the parameters, in the file's order.</summary>
    public IReadOnlyList<int> Learnt { get; }

    /// <summary>The slots of the buffers, in the file's order.</summary>
    public IReadOnlyList<int> Kept { get; }

    /// <summary>The constant with memory of its own: one that was computed may share it with what it was computed from.</summary>
    public Tensor Own(int slot)
    {
        Tensor constant = Graph.Constants[slot];
        if (_inFile.Contains(Graph.NameOf(slot)))
        {
            return constant;
        }

        Tensor copy = constant.contiguous().clone().DetachFromDisposeScope();
        constant.Dispose();
        return copy;
    }

    private bool IsReal(int slot) => Graph.Constants.TryGetValue(slot, out Tensor? constant) && constant.is_floating_point();

    private static IEnumerable<int> LearntBy(OnnxGraph graph)
    {
        HashSet<int> sums = [];
        foreach (GraphStep step in graph.Steps)
        {
            LearntInputs learnt = step.Definition.Learnt;
            foreach (int index in learnt.Weights.Append(learnt.Scale ?? GraphStep.Absent).Append(learnt.Bias ?? GraphStep.Absent))
            {
                if (index >= 0 && index < step.InputSlots.Length)
                {
                    yield return step.InputSlots[index];
                }
            }

            // A matrix product and its bias are two nodes where the input may have more axes.
            if (learnt.Weights.Any(index => index < step.InputSlots.Length && graph.Constants.ContainsKey(step.InputSlots[index])))
            {
                sums.UnionWith(step.Writes);
            }
            else if (step.Node.Operator == "Add" && step.Reads.Any(sums.Contains))
            {
                foreach (int slot in step.Reads.Where(graph.Constants.ContainsKey))
                {
                    yield return slot;
                }
            }
        }
    }
}
