using Microsoft.ML.AbsCam.Networks.Onnx.Operators;
using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>The value that holds one score a class, before any softmax or sigmoid at the end.</summary>
/// <param name="Slot">Where the logits are.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="EndsInSoftmax">Whether a softmax behind them was cut off.</param>
/// <param name="EndsInSigmoid">Whether a sigmoid behind them was cut off.</param>
internal sealed record ScoreOutput(int Slot, int Classes, bool EndsInSoftmax, bool EndsInSigmoid)
{
    public static ScoreOutput Of(OnnxGraph graph, RunTrace trace)
    {
        foreach (int slot in graph.Outputs.Select(graph.SlotOf))
        {
            if (trace.IsReal(slot) && ClassesOf(trace.ShapeOf(slot)) is int classes)
            {
                return BeforeProbabilities(graph, trace, slot, classes);
            }
        }

        IEnumerable<string> found = graph.Outputs.Select(name => $"'{name}' {(trace.ShapeOf(graph.SlotOf(name)) is long[] shape ? TensorSizes.Text(shape) : "(it does not depend on the input)")}");
        throw new NetworkLoadException($"{graph.Source}: no output holds class scores: {string.Join(", ", found)}; expected real numbers [batch, classes].");
    }

    // [batch, classes], whatever axes of size 1 stand around.
    private static int? ClassesOf(long[]? shape)
    {
        if (shape is not { Length: >= 2 } || shape[0] != 1)
        {
            return null;
        }

        long[] sizes = [.. shape[1..].Where(size => size != 1)];
        return sizes.Length <= 1 && (sizes.Length == 0 || sizes[0] is > 0 and < int.MaxValue) ? (int)sizes.FirstOrDefault(1) : null;
    }

    private static ScoreOutput BeforeProbabilities(OnnxGraph graph, RunTrace trace, int output, int classes)
    {
        int slot = output;
        while (graph.Steps.FirstOrDefault(step => step.OutputSlots.Contains(slot)) is GraphStep step)
        {
            OnnxNode node = step.Node;
            int before = step.InputSlots[0];
            if (step.Definition.Is(OperatorTraits.SameNumbers) && trace.ShapeOf(before) is not null)
            {
                slot = before;
                continue;
            }

            if (node.Operator is "Softmax" or "LogSoftmax" && SoftmaxOperators.ClassesOf(node, trace.ShapeOf(slot)!) == classes)
            {
                return new ScoreOutput(before, classes, true, false);
            }

            return node.Operator == "Sigmoid"
                ? new ScoreOutput(before, classes, false, true)
                : new ScoreOutput(output, classes, false, false);
        }

        return new ScoreOutput(output, classes, false, false);
    }
}
