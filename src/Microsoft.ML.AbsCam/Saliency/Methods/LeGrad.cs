using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// LeGrad (Bousselham et al., ICCV 2025, arXiv 2404.03214): relu of the logit's gradient at each attention matrix, its mean over heads and over the tokens that attend,
/// added up over blocks; a place has the number of its token.
/// </summary>
/// <remarks>The authors ask each block by itself, through the class token that it leaves; here all blocks are asked for the network's own logit.</remarks>
internal sealed class LeGrad() : SaliencyMethod("legrad")
{
    internal override MethodNeeds Needs => MethodNeeds.Attention;

    internal override LayerMaps Run(MethodContext context)
    {
        AttentionPass pass = context.Attend(withGraph: true);
        return LayerMaps.Of(
            context.AttentionGradients(pass).Select(blocks => blocks.Select(gradient => pass.Present(gradient.to(ScalarType.Float32).relu().mean([1, 2]))).Aggregate((sum, block) => sum.Plus(block))),
            context.Size);
    }
}
