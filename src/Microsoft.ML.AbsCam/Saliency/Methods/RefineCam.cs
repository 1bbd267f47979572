using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>RefineCAM (Domeniconi et al., arXiv 2605.14641), by its parts: the product of the normalised maps of Grad-CAM++ at the last layer of each size.</summary>
internal sealed class RefineCam() : GradientMethod("refine-cam")
{
    private readonly GradCamPlusPlus _parts = new();

    internal override bool AssumesPositive => true;

    internal override bool SharesWeights => true;

    internal override bool IsLight => true;

    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => _parts.Combine(activation, gradient);

    /// <summary>Up to the pick, of those that everything passes through, the last of each size; the largest first. Where all are of one size that is the pick.</summary>
    internal override FeatureLayer[] UsualLayers(ImageNetwork network)
    {
        FeatureLayer pick = network.FindLayer(null);
        return
        [
            .. network.Layers.TakeWhile(layer => !layer.IsDefault).Where(layer => layer.Kind is LayerVerdict.Good or LayerVerdict.Earlier).Append(pick)
                .Where(layer => layer.Height >= pick.Height && layer.Width >= pick.Width)
                .GroupBy(layer => (layer.Height, layer.Width)).Select(ofSize => ofSize.Last()).OrderByDescending(layer => (long)layer.Height * layer.Width),
        ];
    }
}
