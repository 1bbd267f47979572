using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The projection of each pixel's C values on their first principal component over the h w pixels, centred.</summary>
/// <remarks>A component has no sign of its own: it gets the one with which the map correlates positively with the mean of the values.</remarks>
internal static class PrincipalComponent
{
    /// <summary>Whether nothing but rounding gives the component its sign [B], as where the values of each place add up to zero.</summary>
    /// <param name="values">[B,C,h,w].</param>
    /// <param name="map">What <see cref="Of"/> gave [B,h,w].</param>
    public static Tensor HasNoSign(Tensor values, Tensor map)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor centred = values - values.mean([2, 3], keepdim: true);
        return RoundingCheck.OfSign(map.flatten(1), centred.mean([1]).flatten(1), centred.abs().mean([1]).flatten(1)).MoveToOuterDisposeScope();
    }

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
