using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// FullGrad (Srinivas and Fleuret, NeurIPS 2019): the image times its gradient, and every bias that has places times the gradient there; the absolute numbers of each, from 0 to 1,
/// enlarged and added up.
/// </summary>
/// <remarks>All of these, and the biases without places, add up to the logit exactly where the network is straight between kinks. A row for which they do not is refused.</remarks>
internal sealed class FullGrad() : SaliencyMethod("full-grad")
{
    internal override MethodNeeds Needs => MethodNeeds.Biases;

    internal override LayerMaps Run(MethodContext context)
    {
        (BiasPass pass, Tensor logits, Tensor[][] parts) = context.Biases();
        Tensor incomplete = stack(parts.Select((ofTarget, t) => pass.IsIncomplete(logits.select(1, t), ofTarget)), 1);
        Tensor maps = stack(parts.Select(ofTarget => Map(pass.Placed(ofTarget), context.Size)), 1);
        return new LayerMaps(maps, null, LayerMaps.FaultOf(incomplete, MapStatus.Incomplete));
    }

    private static Tensor Map(IEnumerable<Tensor> parts, (long Height, long Width) size)
        => parts.Select(part => MapMath.Upsample(Shares(part.abs()).sum(1, keepdim: true), size.Height, size.Width).squeeze(1)).Aggregate((sum, part) => sum.PlusInPlace(part));

    // From 0 to 1 over all channels and places of an image.
    private static Tensor Shares(Tensor part)
    {
        Tensor least = part.amin([1, 2, 3], keepdim: true);
        return (part - least) / (part.amax([1, 2, 3], keepdim: true) - least).Plus(MapMath.NormEpsilon);
    }
}
