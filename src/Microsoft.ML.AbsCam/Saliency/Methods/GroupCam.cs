using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Group-CAM (Zhang et al., arXiv 2103.13859): maps weighted as in Grad-CAM are summed in groups of neighbours, cut at 0, and
/// de-noised; each is a mask m_l over a blurred image, weighted by p(X m_l + blur(X) (1 - m_l)) - p(blur(X)).
/// </summary>
/// <remarks>
/// Taken from the authors' code: 32 groups of ceil(C / 32) channels, so that there may be fewer; what is not above the 70th percentile of a
/// group's own sum becomes 0; the blur is a Gaussian of 51 x 51 pixels with sigma 50 and reflecting borders; the normalised masks are
/// summed. In images below 26 pixels the blur's window is cut to what the borders can reflect.
/// </remarks>
internal sealed class GroupCam() : TargetMaskMethod("group-cam")
{
    private const int Groups = 32;
    private const double Percentile = 0.7;
    private const int Window = 51;
    private const double Sigma = 50;
    internal override bool SharesWeights => true;


    protected internal override Tensor Masks(Tensor activation, Tensor gradient)
    {
        Tensor weighted = gradient.mean([2, 3], keepdim: true) * activation;
        long size = (activation.shape[1] + Groups - 1) / Groups;
        Tensor masks = stack(weighted.split(size, 1).Select(group => group.sum(1)), 1).relu_();
        Tensor threshold = masks.flatten(2).quantile(tensor((float)Percentile, device: masks.device), 2, keepdim: true).unsqueeze(3);
        return masks.masked_fill(masks <= threshold, HeldScalar.Of(0));
    }

    private protected override Tensor IsRounding(Tensor gradient) => RoundingCheck.OfMeans(gradient);

    protected internal override Tensor Background(Tensor images) => GaussianBlur.Of(images, Window, Sigma);
}
