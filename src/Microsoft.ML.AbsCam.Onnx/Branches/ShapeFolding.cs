using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Branches;

/// <summary>
/// Settles what a file leaves to the shapes of a run: which branch of an If is taken, and which axes a Squeeze without axes drops.
/// Both are read off a run of two made-up rows, so that the batch is never taken for an axis of size 1.
/// </summary>
internal static class ShapeFolding
{
    /// <summary>Each round runs what lies before an If again; tracing writes two or three, one behind the other.</summary>
    private const int MostRounds = 32;

    /// <param name="file">The part of a file that is needed.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="folder">The folder in which weights outside the file may lie.</param>
    /// <param name="inputs">What such a run is given: made-up values by the inputs' names, as many rows as it is asked for, no two of them alike.</param>
    /// <param name="budget">What the runs are counted on.</param>
    /// <exception cref="NetworkLoadException">There are too many branches behind each other, or what decides them cannot be computed.</exception>
    public static OnnxFile Fold(OnnxFile file, string source, string? folder, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget)
    {
        for (int round = 0; ; round++)
        {
            NeededPart part = new(file.Graph);
            HashSet<NodeProto> open = new(file.Graph.Node.Where(node => BranchCondition.IsBranch(node) || OpenSqueeze.Is(node, part)), ReferenceEqualityComparer.Instance);
            NodeProto[] ready = [.. open.Where(node => !part.NodesOf([node.Input[0]]).Any(open.Contains))];
            if (ready.Length == 0)
            {
                return file;
            }

            if (round == MostRounds)
            {
                throw new OnnxNode(ready[0], source, file.Opset).Error($"more than {MostRounds} branches (If) lie one behind the other; export the model with fixed sizes, or simplify it before the import (constant folding removes such branches).");
            }

            string[] values = [.. ready.Select(node => node.Input[0]).Distinct(StringComparer.Ordinal)];
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            using OnnxGraph before = OnnxGraph.Load(file with { Graph = part.With(values, keepsInputs: true) }, source, folder, budget);
            (Tensor[] found, long rows) = Run(before, values, inputs, budget);
            Dictionary<string, Tensor> byName = values.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            file = file with { Graph = Settled(file, source, new HashSet<NodeProto>(ready, ReferenceEqualityComparer.Instance), byName, rows) };
        }
    }

    private static GraphProto Settled(OnnxFile file, string source, HashSet<NodeProto> ready, Dictionary<string, Tensor> found, long rows)
    {
        var settled = new GraphProto { Name = file.Graph.Name };
        settled.Initializer.AddRange(file.Graph.Initializer);
        settled.Input.AddRange(file.Graph.Input);
        settled.Output.AddRange(file.Graph.Output);
        FreshNames names = new(file.Graph);
        BranchInlining inlining = new(file, source, settled, names);
        foreach (NodeProto node in file.Graph.Node)
        {
            if (!ready.Contains(node))
            {
                settled.Node.Add(node);
            }
            else if (BranchCondition.IsBranch(node))
            {
                inlining.Take(node, found[node.Input[0]]);
            }
            else
            {
                settled.Node.Add(OpenSqueeze.Closed(node, found[node.Input[0]].shape, rows, file.Opset, settled, names));
            }
        }

        return settled;
    }

    private static (Tensor[] Values, long Rows) Run(OnnxGraph graph, string[] values, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget)
    {
        int[] wanted = [.. values.Select(graph.SlotOf)];
        if (wanted.All(graph.Constants.ContainsKey))
        {
            return ([.. wanted.Select(slot => graph.Constants[slot].clone())], 1);
        }

        ExecutionPlan plan = ExecutionPlan.For(graph, wanted, [.. graph.Inputs.Select(input => graph.SlotOf(input.Name))]);
        try
        {
            return (Values(2), 2);
        }
        catch (NetworkLoadException) when (!budget.IsExceeded)
        {
            // Written for one row; then its sizes are those of one.
            return (Values(1), 1);
        }

        Tensor[] Values(long rows)
        {
            Dictionary<int, Tensor> given = inputs(graph, rows).ToDictionary(input => graph.SlotOf(input.Key), input => input.Value);
            return [.. RunTrace.Record(graph, plan, given, rows, wanted, budget).Wanted.Select(value => value!)];
        }
    }
}
