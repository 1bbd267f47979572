using Microsoft.ML.AbsCam.Onnx.Nodes;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>How far ONNX Runtime and TorchSharp are apart at one node that both give the same values to read.</summary>
/// <param name="Node">The node; null for what is asked of the scores.</param>
/// <param name="IsGradient">Whether its gradients differ, and not its values.</param>
/// <param name="Share">The greatest difference, as a share of the greatest value.</param>
internal sealed record NodeDifference(OnnxNode? Node, bool IsGradient, double Share)
{
    /// <summary>From here on they mean different things: engines that only add in another order are far nearer.</summary>
    private const double Most = 1e-4;

    /// <summary>Whether they mean different things, and do not only add in another order.</summary>
    public bool IsFault => Share > Most;
}
