using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Eigen-Grad-CAM (as in the usual implementation, after Muhammad and Yeasin, IJCNN 2020): what <see cref="EigenCam"/> does with the
/// activations, done with gradient times activation, so that the map knows the class.
/// </summary>
/// <remarks>The sign is the one with which the map correlates positively with the mean of gradient times activation, HiResCAM's map.</remarks>
internal sealed class EigenGradCam() : GradientMethod("eigen-grad-cam")
{
    internal override bool IsLight => true;

    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => PrincipalComponent.Of(gradient * activation);

    private protected override Tensor IsRounding(Tensor activation, Tensor gradient, Tensor map) => PrincipalComponent.HasNoSign(gradient * activation, map);
}
