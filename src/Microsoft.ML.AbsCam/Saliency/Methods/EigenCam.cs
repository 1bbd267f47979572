using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Eigen-CAM (Muhammad and Yeasin, IJCNN 2020): the projection of each pixel's C activations on their first principal
/// component over the h w pixels, centred as in the usual implementation.
/// </summary>
internal sealed class EigenCam() : ActivationMethod("eigen-cam")
{
    internal override bool AssumesPositive => true;

    protected internal override Tensor Combine(Tensor activation) => PrincipalComponent.Of(activation);

    private protected override Tensor IsRounding(Tensor activation, Tensor map) => PrincipalComponent.HasNoSign(activation, map);
}
