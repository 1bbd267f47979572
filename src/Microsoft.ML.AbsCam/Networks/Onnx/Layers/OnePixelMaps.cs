using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>What becomes of maps that are pooled to one pixel, until it is flattened: vectors of features, and gates made of them.</summary>
internal static class OnePixelMaps
{
    private static readonly LayerJudgement Judgement = new(LayerVerdict.OnePixel, "1 x 1: one number a channel for the whole image, so there are no places to tell apart.");

    /// <summary>Every value [batch, channels, 1, 1] that comes of a map, in the order of computation.</summary>
    public static IEnumerable<FeatureLayer> Of(IReadOnlyList<GraphStep> steps, IReadOnlyList<FeatureMap> maps, RunTrace trace, WorkShares work)
    {
        HashSet<int> known = [.. maps.Select(map => map.Slot)];
        foreach (GraphStep step in steps.Where(step => step.Reads.Any(known.Contains)))
        {
            for (int i = 0; i < step.OutputSlots.Length; i++)
            {
                int slot = step.OutputSlots[i];
                if (slot != GraphStep.Absent && trace.IsReal(slot) && trace.ShapeOf(slot) is [long batch, long channels, 1, 1] && batch == trace.Batch)
                {
                    known.Add(slot);
                    yield return new FeatureLayer(step.Node.Outputs[i], step.Node.Operator, (int)channels, 1, 1, IsDefault: false, Judgement.Sentence)
                    {
                        Kind = Judgement.Kind,
                        Reason = Judgement.Reason,
                        WorkBefore = work.Until(slot),
                    };
                }
            }
        }
    }
}
