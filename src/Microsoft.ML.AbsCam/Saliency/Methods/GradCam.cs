using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Grad-CAM (Selvaraju et al., ICCV 2017, equations 1 and 2): the sum of w_k A_k with w_k = mean g_k.</summary>
internal sealed class GradCam() : GradientMethod("grad-cam")
{
    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override Func<MapNodes, WrittenMap> Nodes => map => map.WeightedSum(map.Mean(map.Gradient));

    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => MapMath.WeightedSum(gradient.mean([2, 3]), activation);
}
