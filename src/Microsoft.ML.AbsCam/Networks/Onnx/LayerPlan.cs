namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>A run cut in two at a layer: what comes before it or beside it, and what depends on it.</summary>
internal sealed record LayerPlan(ExecutionPlan Before, ExecutionPlan After)
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
        return new LayerPlan(before, after);
    }
}
