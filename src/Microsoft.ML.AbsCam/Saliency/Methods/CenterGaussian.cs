using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>A map that knows where photographers put things: a Gaussian around the centre, with a sigma of a quarter of the height and of the width.</summary>
internal sealed class CenterGaussian() : ImageMethod("center-gaussian")
{
    private const double Sigma = 0.25;

    protected internal override Tensor Map(Tensor images)
        => (Profile(images.shape[2]).unsqueeze(1) * Profile(images.shape[3])).expand(images.shape[0], images.shape[2], images.shape[3]);

    /// <summary>The Gaussian at the pixels' centres along one axis.</summary>
    private static Tensor Profile(long size)
        => HeldOperations.CountTo(size, ScalarType.Float32).Plus(0.5).div(HeldScalar.Of(size)).sub(HeldScalar.Of(0.5)).div(HeldScalar.Of(Sigma)).Squared().mul(HeldScalar.Of(-0.5)).exp();
}
