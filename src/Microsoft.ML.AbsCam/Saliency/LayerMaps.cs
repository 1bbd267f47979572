using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The maps that one layer gives, before they are normalised.</summary>
/// <param name="Raw">[B,T,H,W].</param>
/// <param name="Factor">What each map is multiplied by after it is normalised [B,T,1,1]; null for 1.</param>
internal readonly record struct LayerMaps(Tensor Raw, Tensor? Factor)
{
    /// <summary>The product, or the sum: norm makes no difference between that and the mean.</summary>
    public static LayerMaps Fuse(IReadOnlyList<LayerMaps> layers, LayerFusion fusion)
    {
        IEnumerable<Tensor> maps = layers.Select(layer => layer.Normalized());
        return new LayerMaps(maps.Aggregate((fused, map) => fusion == LayerFusion.Product ? fused.mul_(map) : fused.add_(map)), null);
    }

    public Tensor Normalized()
    {
        Tensor map = MapMath.Normalize(Raw).Maps;
        return Factor is null ? map : map.mul_(Factor);
    }

    public LayerMaps MoveToOuter() => new(Raw.MoveToOuterDisposeScope(), Factor?.MoveToOuterDisposeScope());
}
