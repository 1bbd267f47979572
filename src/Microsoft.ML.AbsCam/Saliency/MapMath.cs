using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>up(.) and norm(.) of the method: operations on maps [N,K,h,w], each map by itself.</summary>
internal static class MapMath
{
    /// <summary>A map whose maximum and minimum are closer than this shows nothing.</summary>
    public const double FlatRange = 1e-12;

    /// <summary>A constant map comes out of float arithmetic with ripples of about this share of its height.</summary>
    public const double Rounding = 1e-6;

    public const float NormEpsilon = 1e-8f;

    /// <summary>Bilinear upsampling with half-pixel centres; maps of that size already are copied.</summary>
    public static Tensor Upsample(Tensor maps, long height, long width)
        => nn.functional.interpolate(maps, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>(m - min m) / (max m - min m + 1e-8) over the pixels of each map, with the minimum and the divisor.</summary>
    public static (Tensor Maps, Tensor Minimum, Tensor Divisor) Normalize(Tensor maps)
    {
        (Tensor least, Tensor greatest) = Extent(maps);
        return Normalize(maps, least, greatest);
    }

    /// <inheritdoc cref="Normalize(Tensor)"/>
    /// <param name="maps">The maps.</param>
    /// <param name="least">Their <see cref="Extent"/>.</param>
    /// <param name="greatest">The same.</param>
    public static (Tensor Maps, Tensor Minimum, Tensor Divisor) Normalize(Tensor maps, Tensor least, Tensor greatest)
    {
        Tensor divisor = (greatest - least).PlusInPlace(NormEpsilon);
        return ((maps - least).div_(divisor), least, divisor);
    }

    /// <summary>The minimum and the maximum over the pixels of each map [N,K,1,1].</summary>
    public static (Tensor Least, Tensor Greatest) Extent(Tensor maps) => (maps.amin([-2, -1], keepdim: true), maps.amax([-2, -1], keepdim: true));

    /// <summary>The range below which a map is flat: <see cref="FlatRange"/>, or what rounding alone makes of its values.</summary>
    /// <param name="least">The maps' <see cref="Extent"/>.</param>
    /// <param name="greatest">The same.</param>
    public static Tensor FlatRangeOf(Tensor least, Tensor greatest) => least.abs().maximum(greatest.abs()).mul_(HeldScalar.Of(Rounding)).clamp_min_(HeldScalar.Of(FlatRange));

    /// <summary>The sum over channels of weights [B,C] times activations [B,C,h,w]: one map a row, [B,h,w].</summary>
    public static Tensor WeightedSum(Tensor weights, Tensor activation) => Combine(weights.unsqueeze(1), activation).squeeze(1);

    /// <summary>The sum over channels of weights [B,T,C] times activations [B,C,h,w]: T maps a row, [B,T,h,w].</summary>
    public static Tensor Combine(Tensor weights, Tensor activation)
    {
        long[] size = activation.shape;
        return weights.bmm(activation.flatten(2)).view(size[0], weights.shape[1], size[2], size[3]);
    }

    /// <summary>The mean of activations [B,C,h,w] over their places, weighted by maps [B,T,H,W] that are averaged over the pixels of each place: [B,T,C].</summary>
    public static Tensor HeatFeatures(Tensor maps, Tensor activation)
    {
        Tensor places = nn.functional.adaptive_avg_pool2d(maps, [activation.shape[2], activation.shape[3]]).flatten(2);
        return places.bmm(activation.flatten(2).transpose(1, 2)).div_(places.sum(2, keepdim: true));
    }
}
