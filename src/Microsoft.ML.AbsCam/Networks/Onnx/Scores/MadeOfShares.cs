using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>Numbers from 0 to 1 whatever the image, as sigmoids and softmaxes give.</summary>
internal static class MadeOfShares
{
    /// <summary>
    /// Whether a value is made of such numbers, and of nothing else that the image decides, and they are weighed by nothing behind that. A mean of
    /// probabilities with weights that were learnt may be anything.
    /// </summary>
    /// <param name="steps">What leads to the value.</param>
    /// <param name="input">The slot of the image.</param>
    /// <param name="value">The value's slot.</param>
    public static bool Is(IReadOnlyList<GraphStep> steps, int input, int value)
    {
        HashSet<int> shares = [];
        HashSet<int> others = [input];
        foreach (GraphStep step in steps)
        {
            bool readsOthers = step.Reads.Any(others.Contains);
            if (step.Definition.Is(OperatorTraits.ReadsShapeOnly) || !(readsOthers || step.Reads.Any(shares.Contains)))
            {
                // Of shapes and constants alone.
                continue;
            }

            (step.Definition.GivesShares(step.Node) || (!step.Definition.Weighs && !readsOthers) ? shares : others).UnionWith(step.Writes);
        }

        return shares.Contains(value);
    }
}
