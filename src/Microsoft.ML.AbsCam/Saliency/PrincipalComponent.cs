using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The projection of each pixel's C values on their first principal component over the h w pixels, centred.</summary>
/// <remarks>A component has no sign of its own: it gets the one with which the map correlates positively with the mean of the values.</remarks>
internal static class PrincipalComponent
{
    /// <param name="values">[B,C,h,w].</param>
    /// <returns>[B,h,w]; NaN in rows that hold a number that is not finite.</returns>
    public static Tensor Of(Tensor values)
    {
        Tensor pixels = values.flatten(2).transpose(1, 2);
        Tensor isFinite = pixels.isfinite().flatten(1).all(1, keepdim: true);

        // The decomposition throws at numbers that are not finite, and other rows shall not notice.
        Tensor centred = (pixels - pixels.mean([1], keepdim: true)).masked_fill(isFinite.logical_not().unsqueeze(2), HeldScalar.Of(0));
        (_, _, Tensor components) = linalg.svd(centred, fullMatrices: false);
        Tensor map = centred.matmul(components.narrow(1, 0, 1).transpose(1, 2)).squeeze(2);

        // Both are centred, so that the sum of products has the sign of the correlation.
        Tensor agreement = (map * centred.mean([2])).sum(1, keepdim: true);
        return map.mul(where(agreement < HeldScalar.Of(0), -1f, 1f)).masked_fill(isFinite.logical_not(), HeldScalar.Of(double.NaN)).view(values.shape[0], values.shape[2], values.shape[3]);
    }
}
