using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Batches;

/// <summary>Whether a network that was exported for one image gives the same numbers for several at once.</summary>
internal static class Batching
{
    /// <summary>Of the greatest score: what a batch may change. Sums that run in another order mostly stay far below.</summary>
    private const double Allowed = 1e-5;

    /// <summary>Of the greatest score: further off than this no order of sums brings a row.</summary>
    private const double Rounding = 1e-3;

    /// <summary>Rows that are run: two at once, and one of them by itself.</summary>
    public const int Rows = 3;

    /// <summary>
    /// Runs two rows at once and the second by itself. Reshapes to a constant batch of 1 are rewritten to keep the batch on the way.
    /// </summary>
    /// <returns>The run of two and its scores, two rows of them; or null where rows must run one by one.</returns>
    public static (RunTrace Trace, Tensor Scores)? Try(OnnxGraph graph, ExecutionPlan plan, ImageInput image, ScoreOutput scores, RunTrace alone, ImportBudget budget)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = image.MadeUp(3);
        List<(OnnxNode Node, long[] Shape)> rewritten = [];
        try
        {
            (RunTrace trace, Tensor?[] both) = image.Trace(graph, plan, images.narrow(0, 0, 2), [scores.Slot], budget, (step, trace) =>
            {
                if (KeepingTheBatch(step, alone, trace) is long[] shape)
                {
                    rewritten.Add((step.Node, step.Node.ConstantInts(1)!));
                    step.Node.ReplaceConstantInts(1, shape);
                }
            });
            (_, Tensor?[] second) = image.Trace(graph, plan, images.narrow(0, 1, 1), [scores.Slot], budget);
            if (both[0]!.numel() == 2L * scores.Numbers && IsItsOwn(both[0]!.reshape(2, -1)[1], second[0]!, OtherNeighbour))
            {
                return (trace, both[0]!.reshape(2, -1).MoveToOuterDisposeScope());
            }
        }
        catch (NetworkLoadException) when (!budget.IsExceeded)
        {
            // A node does not take two rows; a single row did run.
        }

        foreach ((OnnxNode node, long[] shape) in rewritten)
        {
            node.ReplaceConstantInts(1, shape);
        }

        return null;

        Tensor OtherNeighbour() => image.Trace(graph, plan, images.narrow(0, 1, 2), [scores.Slot], budget).Wanted[0]!.reshape(2, -1)[0];
    }

    // Off by little, as where many sums of another order follow each other, a row is asked beside another neighbour: only the neighbour is new then.
    private static bool IsItsOwn(Tensor beside, Tensor alone, Func<Tensor> besideAnother) =>
        AreClose(beside, alone, Allowed) || (AreClose(beside, alone, Rounding) && AreClose(beside, besideAnother(), Allowed));

    private static bool AreClose(Tensor scores, Tensor others, double tolerance)
    {
        Tensor finite = others.nan_to_num(0, 0, 0).abs();
        return scores.reshape(-1).allclose(others.reshape(-1), 0, tolerance * finite.max().ToDouble(), equal_nan: true);
    }

    // [1, …] as the target of a value whose leading size is the batch: the format's 0 copies that size.
    private static long[]? KeepingTheBatch(GraphStep step, RunTrace alone, RunTrace trace) =>
        step.Node.Operator == "Reshape"
        && !step.Node.Attributes.Flag("allowzero")
        && step.Node.ConstantInts(1) is [1, .. long[] rest]
        && alone.ShapeOf(step.InputSlots[0]) is [1, ..]
        && trace.ShapeOf(step.InputSlots[0]) is [2, ..]
            ? [0, .. rest]
            : null;
}
