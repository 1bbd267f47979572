using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What counts as class scores in a network's output.</summary>
internal static class ClassScores
{
    /// <summary>The output as [B,classes], with axes of one pixel taken off; null where it is something else.</summary>
    public static Tensor? Of(Tensor output, long rows)
    {
        Tensor scores = output.dim() == 4 && output.shape[2] == 1 && output.shape[3] == 1 ? output.flatten(1) : output;
        return scores.dim() == 2 && scores.shape[0] == rows && scores.shape[1] > 0 ? scores : null;
    }
}
