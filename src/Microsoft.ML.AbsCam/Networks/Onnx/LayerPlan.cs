namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>A run cut in two at a layer.</summary>
/// <param name="Before">The layer, and what comes beside it.</param>
/// <param name="Beside">What the rest reads besides the layer, without the layer itself; mostly nothing.</param>
/// <param name="After">What depends on the layer.</param>
internal sealed record LayerPlan(ExecutionPlan Before, ExecutionPlan Beside, ExecutionPlan After)
{
    public static LayerPlan For(OnnxGraph graph, ExecutionPlan whole, int layer, int logits, int input)
    {
        HashSet<int> dependent = [layer];
        HashSet<int> beside = [layer];
        foreach (GraphStep step in whole.Steps)
        {
            if (!step.InputSlots.Any(dependent.Contains))
            {
                continue;
            }

            dependent.UnionWith(step.Writes);
            beside.UnionWith(step.Reads.Where(slot => !dependent.Contains(slot)));
        }

        ExecutionPlan before = ExecutionPlan.For(graph, beside, [input]);
        ExecutionPlan after = ExecutionPlan.For(graph, [logits], [input, .. beside]);
        ExecutionPlan side = ExecutionPlan.For(graph, [.. beside.Where(slot => slot != layer)], [input]);
        return new LayerPlan(before, side, after);
    }
}
