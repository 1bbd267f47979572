using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Grad-CAM++ (Chattopadhay et al., WACV 2018, equations 5 and 19): w_k = sum of alpha relu(g), with
/// alpha = g^2 / (2 g^2 + (sum of A_k) g^3) for a score that is the exponential of the logit.
/// </summary>
internal sealed class GradCamPlusPlus() : GradientMethod("grad-cam++")
{
    private const double Epsilon = 1e-6;

    internal override bool AssumesPositive => true;

    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override Func<MapNodes, WrittenMap> Nodes => map =>
    {
        string square = map.Write.Mul(map.Gradient, map.Gradient);
        string cube = map.Write.Mul(map.Write.Mul(map.Sum(map.Activation), square), map.Gradient);
        string alpha = map.Write.Div(square, map.Write.Add(map.Write.Add(map.Write.Mul(square, map.Real(2)), cube), map.Real(Epsilon)));
        string known = map.Write.Where(map.Write.Node("Equal", [map.Gradient, map.Real(0)]), map.Real(0), alpha);
        return map.WeightedSum(map.Sum(map.Write.Mul(known, map.Relu(map.Gradient))));
    };

    protected internal override Tensor Combine(Tensor activation, Tensor gradient)
    {
        Tensor square = gradient.Squared();
        Tensor alpha = square / square.mul(HeldScalar.Of(2)).Plus(activation.sum([2, 3], keepdim: true) * square * gradient).Plus(Epsilon);
        Tensor weights = (alpha.masked_fill(gradient.eq(HeldScalar.Of(0)), HeldScalar.Of(0)) * gradient.relu()).sum([2, 3]);
        return MapMath.WeightedSum(weights, activation);
    }
}
