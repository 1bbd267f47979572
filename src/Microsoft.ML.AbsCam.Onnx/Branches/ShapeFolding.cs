using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
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

    /// <summary>So that the batch is never taken for an axis of size 1.</summary>
    private const long MostRows = 2;

    /// <summary>Of the greatest number: what another order of sums may change.</summary>
    private const double Rounding = 1e-5;

    /// <param name="file">The part of a file that is needed.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="folder">The folder in which weights outside the file may lie.</param>
    /// <param name="inputs">What such a run is given: made-up values by the inputs' names, as many rows as it is asked for, no two of them alike.</param>
    /// <param name="budget">What the runs are counted on.</param>
    /// <exception cref="NetworkLoadException">
    /// There are too many branches behind each other, what decides them cannot be computed, or one image takes another branch than several and
    /// gets other numbers from it.
    /// </exception>
    public static OnnxFile Fold(OnnxFile file, string source, string? folder, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget)
    {
        (OnnxFile folded, NodeProto? ofBatch) = Fold(file, source, folder, inputs, budget, MostRows);
        if (ofBatch is not null && !OneRowAgrees(file, folded, source, folder, inputs, budget))
        {
            throw new OnnxNode(ofBatch, source, file.Opset).Error("this branch (If) is another for one image than for several, and the network's numbers are others too. Export the model with a batch of one and a fixed branch, or without the branch.");
        }

        return folded;
    }

    private static (OnnxFile File, NodeProto? OfBatch) Fold(
        OnnxFile file, string source, string? folder, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget, long mostRows)
    {
        NodeProto? ofBatch = null;
        for (int round = 0; ; round++)
        {
            NeededPart part = new(file.Graph);
            HashSet<NodeProto> open = new(file.Graph.Node.Where(node => BranchCondition.IsBranch(node) || OpenSqueeze.Is(node, part)), ReferenceEqualityComparer.Instance);
            NodeProto[] ready = [.. open.Where(node => !part.NodesOf([node.Input[0]]).Any(open.Contains))];
            if (ready.Length == 0)
            {
                return (file, ofBatch);
            }

            if (round == MostRounds)
            {
                throw new OnnxNode(ready[0], source, file.Opset).Error($"more than {MostRounds} branches (If) lie one behind the other; export the model with fixed sizes, or simplify it before the import (constant folding removes such branches).");
            }

            string[] values = [.. ready.Select(node => node.Input[0]).Distinct(StringComparer.Ordinal)];
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            using OnnxGraph before = OnnxGraph.Load(file with { Graph = part.With(values, keepsInputs: true) }, source, folder, budget);
            (Tensor[] found, long rows) = Run(before, values, inputs, budget, mostRows);
            Dictionary<string, Tensor> byName = values.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            if (rows > 1 && ready.Any(BranchCondition.IsBranch))
            {
                ofBatch ??= DecidedByBatch(before, ready, byName, inputs, budget);
            }

            file = file with { Graph = Settled(file, source, new HashSet<NodeProto>(ready, ReferenceEqualityComparer.Instance), byName, rows) };
        }
    }

    /// <summary>An If whose condition is another for one row; null where there is none.</summary>
    private static NodeProto? DecidedByBatch(
        OnnxGraph before, NodeProto[] ready, Dictionary<string, Tensor> found, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget)
    {
        NodeProto[] branches = [.. ready.Where(BranchCondition.IsBranch)];
        (Tensor[] alone, _) = Run(before, [.. branches.Select(node => node.Input[0])], inputs, budget, mostRows: 1);
        return branches.Zip(alone).FirstOrDefault(pair => !HostValues.Doubles(pair.Second).SequenceEqual(HostValues.Doubles(found[pair.First.Input[0]]))).First;
    }

    /// <summary>Whether one row gives the same numbers with the branches that one row takes.</summary>
    private static bool OneRowAgrees(
        OnnxFile file, OnnxFile folded, string source, string? folder, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget)
    {
        OnnxFile ofOne;
        try
        {
            (ofOne, _) = Fold(file, source, folder, inputs, budget, mostRows: 1);
        }
        catch (NetworkLoadException) when (!budget.IsExceeded)
        {
            // Such a network does not run on one image at all, as where the branch drops the batch.
            return true;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor[] outputs(OnnxFile one)
        {
            using OnnxGraph graph = OnnxGraph.Load(one, source, folder, budget);
            return Run(graph, [.. graph.Outputs], inputs, budget, mostRows: 1).Values;
        }

        try
        {
            return outputs(ofOne).Zip(outputs(folded)).All(pair => AreClose(pair.First.reshape(-1), pair.Second.reshape(-1)));
        }
        catch (NetworkLoadException) when (!budget.IsExceeded)
        {
            return true;
        }
    }

    private static bool AreClose(Tensor one, Tensor other) => one.numel() == other.numel()
        && (one.numel() == 0 || one.to(ScalarType.Float64).allclose(other.to(ScalarType.Float64), 0, Rounding * one.to(ScalarType.Float64).nan_to_num(0, 0, 0).abs().max().ToDouble(), equal_nan: true));

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

    private static (Tensor[] Values, long Rows) Run(OnnxGraph graph, string[] values, Func<OnnxGraph, long, IReadOnlyDictionary<string, Tensor>> inputs, ImportBudget budget, long mostRows)
    {
        int[] wanted = [.. values.Select(graph.SlotOf)];
        if (wanted.All(graph.Constants.ContainsKey))
        {
            return ([.. wanted.Select(slot => graph.Constants[slot].clone())], 1);
        }

        ExecutionPlan plan = ExecutionPlan.For(graph, wanted, [.. graph.Inputs.Select(input => graph.SlotOf(input.Name))]);
        try
        {
            return (Values(mostRows), mostRows);
        }
        catch (NetworkLoadException) when (mostRows > 1 && !budget.IsExceeded)
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
