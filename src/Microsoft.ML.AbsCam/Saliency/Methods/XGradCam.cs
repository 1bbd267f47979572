using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>XGrad-CAM (Fu et al., BMVC 2020, equation 8): w_k = sum of g_k A_k / sum of A_k.</summary>
internal sealed class XGradCam() : GradientMethod("xgrad-cam")
{
    private const double Epsilon = 1e-7;

    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override Func<MapNodes, WrittenMap> Nodes => map => map.WeightedSum(
        map.Write.Div(map.Sum(map.Write.Mul(map.Gradient, map.Activation)), map.Write.Add(map.Sum(map.Activation), map.Real(Epsilon))));

    protected internal override Tensor Combine(Tensor activation, Tensor gradient)
        => MapMath.WeightedSum((gradient * activation).sum([2, 3]) / activation.sum([2, 3]).Plus(Epsilon), activation);
}
