using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Phase 1 of Abs-CAM (arXiv 2207.03648): w_k = mean |dy/dA_k|, M0 = norm(up(relu(sum of w_k A_k))).</summary>
internal static class InitialMap
{
    /// <summary>The weights [B,C] of gradients [B,C,h,w]: the absolute value comes before the mean.</summary>
    public static Tensor Weights(Tensor gradient) => gradient.abs().mean([2, 3]);

    /// <summary>The un-normalised maps [B,T,h,w] for weights [B,T,C]. The sum is never negative where the layer is not; elsewhere it is cut before it is enlarged.</summary>
    public static Tensor Combine(Tensor weights, Tensor activation) => MapMath.Combine(weights, activation).relu_();
}
