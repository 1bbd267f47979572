using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The maps that one layer gives, before they are normalised.</summary>
/// <param name="Raw">[B,T,H,W].</param>
/// <param name="Factor">What each map is multiplied by after it is normalised [B,T,1,1]; null for 1.</param>
/// <param name="IsRounding">Which maps are what rounding left, and nothing else [B,T]; null for none.</param>
internal readonly record struct LayerMaps(Tensor Raw, Tensor? Factor, Tensor? IsRounding = null)
{
    /// <param name="low">The maps of each target at the layer's size, [B,h,w] a target.</param>
    /// <param name="size">Rows and columns of the maps to make.</param>
    /// <param name="isRounding">Which of each target's maps are what rounding left [B] a target; null for none.</param>
    public static LayerMaps Of(IEnumerable<Tensor> low, (long Height, long Width) size, IEnumerable<Tensor>? isRounding = null)
    {
        // Where the layer can be negative the sum can be too; it is cut before it is enlarged.
        Tensor rectified = stack(low, 1).relu_();
        return new LayerMaps(MapMath.Upsample(rectified, size.Height, size.Width), null, isRounding is null ? null : stack(isRounding, 1));
    }

    /// <summary>The product, or the sum: norm makes no difference between that and the mean.</summary>
    public static LayerMaps Fuse(IReadOnlyList<LayerMaps> layers, LayerFusion fusion)
    {
        IEnumerable<Tensor> maps = layers.Select(layer => layer.Normalized());
        Tensor? isRounding = layers.Select(layer => layer.IsRounding).OfType<Tensor>().Aggregate((Tensor?)null, (any, one) => any is null ? one : any.logical_or(one));
        return new LayerMaps(maps.Aggregate((fused, map) => fusion == LayerFusion.Product ? fused.mul_(map) : fused.PlusInPlace(map)), null, isRounding);
    }

    public Tensor Normalized()
    {
        Tensor map = MapMath.Normalize(Raw).Maps;
        return Factor is null ? map : map.mul_(Factor);
    }

    /// <summary>The normalised maps, with zeros for flat ones and for those of rounding: norm would blow them up.</summary>
    public Tensor NormalizedOrZero()
    {
        Tensor isFlat = MapMath.Range(Raw) < MapMath.FlatRangeOf(Raw);
        isFlat = IsRounding is null ? isFlat : isFlat.logical_or(IsRounding);
        return Normalized().masked_fill_(isFlat.unsqueeze(2).unsqueeze(3), HeldScalar.Of(0));
    }

    public LayerMaps MoveToOuter() => new(Raw.MoveToOuterDisposeScope(), Factor?.MoveToOuterDisposeScope(), IsRounding?.MoveToOuterDisposeScope());
}
