using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// ShapleyCAM (Cai, arXiv 2501.06261): the sum of w_k A_k with w_k = mean of (g - H A / 2)_k, H the Hessian of the logit at the layer. Where channels are the players and the logit
/// is replaced by its second Taylor polynomial, that is their Shapley value.
/// </summary>
/// <remarks>The authors ask about the logit plus its log-softmax; here it is the logit, as with every method. H A costs a second way back, and no matrix.</remarks>
internal sealed class ShapleyCam() : SaliencyMethod("shapley-cam")
{
    internal override bool SharesWeights => true;

    internal override MethodNeeds Needs => MethodNeeds.Gradient;

    internal override bool NeedsCurvature => true;

    internal override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        (Tensor Gradient, Tensor Product)[] derivatives = [.. context.Curvatures()];
        Tensor[] maps = [.. derivatives.Select(of => Map(activation, of.Gradient, of.Product))];
        return LayerMaps.Of(maps, context.Size, maps.Zip(derivatives, (map, of) => RoundingCheck.Of(
            map,
            Map(RoundingCheck.Changed(activation, 0), RoundingCheck.Changed(of.Gradient, 1), RoundingCheck.Changed(of.Product, 2)))));
    }

    private static Tensor Map(Tensor activation, Tensor gradient, Tensor product)
        => MapMath.WeightedSum((gradient - product.mul(HeldScalar.Of(0.5))).mean([2, 3]), activation);
}
