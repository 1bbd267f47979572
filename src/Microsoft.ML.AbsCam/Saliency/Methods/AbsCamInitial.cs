using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Phase 1 of Abs-CAM (arXiv 2207.03648): the sum of w_k A_k with w_k = mean |g_k|.</summary>
internal sealed class AbsCamInitial() : GradientMethod("abs-cam-initial")
{
    internal override bool AssumesPositive => true;

    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override Func<MapNodes, WrittenMap> Nodes => map => map.WeightedSum(Weights(map));

    /// <summary>The absolute value comes before the mean: channels that speak for and against the class in different places do not cancel.</summary>
    public static Tensor Weights(Tensor gradient) => gradient.abs().mean([2, 3]);

    /// <summary>The same [B,C,1,1] as nodes of a model file.</summary>
    public static string Weights(MapNodes map) => map.Mean(map.Write.Node("Abs", [map.Gradient]));

    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => MapMath.WeightedSum(Weights(gradient), activation);
}
