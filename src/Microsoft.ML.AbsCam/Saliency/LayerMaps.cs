using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The maps that one layer gives, before they are normalised.</summary>
/// <param name="Raw">[B,T,H,W].</param>
/// <param name="Factor">What each map is multiplied by after it is normalised [B,T,1,1]; null for 1.</param>
/// <param name="Fault">What is wrong with each map, a <see cref="MapStatus"/> as a number [B,T]; null for nothing.</param>
internal readonly record struct LayerMaps(Tensor Raw, Tensor? Factor, Tensor? Fault = null)
{
    /// <param name="low">The maps of each target at the layer's size, [B,h,w] a target.</param>
    /// <param name="size">Rows and columns of the maps to make.</param>
    /// <param name="isRounding">Which of each target's maps are what rounding left [B] a target; null for none.</param>
    public static LayerMaps Of(IEnumerable<Tensor> low, (long Height, long Width) size, IEnumerable<Tensor>? isRounding = null)
    {
        // Where the layer can be negative the sum can be too; it is cut before it is enlarged.
        Tensor rectified = stack(low, 1).relu_();
        return new LayerMaps(MapMath.Upsample(rectified, size.Height, size.Width), null, isRounding is null ? null : FaultOf(stack(isRounding, 1), MapStatus.Rounding));
    }

    /// <param name="isSo">Which maps have the fault [B,T].</param>
    /// <param name="fault">What it is.</param>
    public static Tensor FaultOf(Tensor isSo, MapStatus fault) => isSo.to(ScalarType.Int64).mul(HeldScalar.Of((long)fault));

    /// <summary>The product, or the sum: norm makes no difference between that and the mean.</summary>
    public static LayerMaps Fuse(IReadOnlyList<LayerMaps> layers, LayerFusion fusion)
    {
        IEnumerable<Tensor> maps = layers.Select(layer => layer.Normalized());
        Tensor? fault = layers.Select(layer => layer.Fault).OfType<Tensor>().Aggregate((Tensor?)null, (any, one) => any is null ? one : any.maximum(one));
        return new LayerMaps(maps.Aggregate((fused, map) => fusion == LayerFusion.Product ? fused.mul_(map) : fused.PlusInPlace(map)), null, fault);
    }

    public Tensor Normalized() => Judged().Maps;

    /// <summary>The normalised maps, their range before that, and the range that each has to have to show anything [B,T,1,1].</summary>
    public (Tensor Maps, Tensor Range, Tensor FlatRange) Judged()
    {
        (Tensor least, Tensor greatest) = MapMath.Extent(Raw);
        Tensor maps = MapMath.Normalize(Raw, least, greatest).Maps;
        return (Factor is null ? maps : maps.mul_(Factor), greatest - least, MapMath.FlatRangeOf(least, greatest));
    }

    /// <summary>The normalised maps, with zeros for flat ones and for those with a fault: norm would blow them up.</summary>
    public Tensor NormalizedOrZero()
    {
        (Tensor maps, Tensor range, Tensor flatRange) = Judged();
        Tensor isFlat = range < flatRange;
        isFlat = Fault is null ? isFlat : isFlat.logical_or(Fault.ne(HeldScalar.Of(0L)).unsqueeze(2).unsqueeze(3));
        return maps.masked_fill_(isFlat, HeldScalar.Of(0));
    }

    public LayerMaps MoveToOuter() => new(Raw.MoveToOuterDisposeScope(), Factor?.MoveToOuterDisposeScope(), Fault?.MoveToOuterDisposeScope());
}
