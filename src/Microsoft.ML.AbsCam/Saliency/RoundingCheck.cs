using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// Tells maps that a network makes from those that rounding makes. Where the terms of a sum cancel, as those of gradient times activation do at
/// each place of a layer that a layer normalisation reads, what is left are the last digits of float32, and norm would stretch them to a map.
/// </summary>
/// <remarks>
/// The numbers that a map is made of are changed a little, and the map is made again. One that changes by much of its range says nothing. The change is
/// far above what float32 rounds on the way through a network, and far below what a network means.
/// </remarks>
internal static class RoundingCheck
{
    /// <summary>How much numbers are changed at most, as a share of each.</summary>
    public const double Change = 1e-4;

    /// <summary>How much of its range a map may change by.</summary>
    private const double Most = 0.1;

    private static readonly long[] MapPlaces = [1, 2];

    /// <summary>The numbers, each changed by a share of its own, the same for every image.</summary>
    /// <param name="values">[B,C,h,w].</param>
    /// <param name="salt">Other shares for another number.</param>
    public static Tensor Changed(Tensor values, int salt)
    {
        using DisposeScope scope = NewDisposeScope();
        return values.addcmul(values, Shares(values.shape.AsSpan(1), salt).to(values.device), HeldScalar.Of(Change)).MoveToOuterDisposeScope();
    }

    /// <summary>A map as nodes, and the same of changed numbers, float [B,h,w]: what <see cref="Write"/> compares.</summary>
    /// <param name="nodes">How the map is written.</param>
    /// <param name="layer">What it is written of.</param>
    /// <param name="shape">The layer's shape without the batch [C,h,w].</param>
    public static (string Map, string OfChanged) Twice(Func<MapNodes, WrittenMap> nodes, LayerNodes layer, long[] shape)
    {
        string gradient = layer.Gradient();
        return (
            Written(nodes, layer with { Gradient = () => gradient }),
            Written(nodes, layer with { Activation = Changed(layer, layer.Activation, shape, 0), Gradient = () => Changed(layer, gradient, shape, 1) }));
    }

    /// <summary>Whether maps change too much [B].</summary>
    /// <param name="maps">Maps at the layer's size, before relu [B,h,w].</param>
    /// <param name="ofChanged">The same of the changed numbers.</param>
    public static Tensor Of(Tensor maps, Tensor ofChanged)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor cut = maps.relu();
        (Tensor least, Tensor greatest) = MapMath.Extent(cut);
        Tensor range = greatest - least;

        // A flat map is no more than that.
        Tensor isOther = ofChanged.relu().sub(cut).abs().amax([-2, -1], keepdim: true) > range.mul(HeldScalar.Of(Most));
        return isOther.logical_and(range >= MapMath.FlatRangeOf(least, greatest)).flatten().MoveToOuterDisposeScope();
    }

    /// <summary>The same as nodes: 1 of a map that changes too much, else 0, float [B].</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="maps">Maps at the layer's size, before relu, float [B,h,w].</param>
    /// <param name="ofChanged">The same of the changed numbers.</param>
    public static string Write(NodeWriter writer, string maps, string ofChanged)
    {
        string cut = writer.Node("Relu", [maps]);
        string range = writer.Sub(writer.Greatest(cut, MapPlaces), writer.Least(cut, MapPlaces));
        string moved = writer.Greatest(writer.Node("Abs", [writer.Sub(writer.Node("Relu", [ofChanged]), cut)]), MapPlaces);
        string flat = writer.Node("Max", [writer.Mul(writer.Greatest(cut, MapPlaces), writer.Real(MapMath.Rounding, ElementTypes.Float)), writer.Real(MapMath.FlatRange, ElementTypes.Float)]);
        string isOther = writer.Node("And", [writer.Node("Greater", [moved, writer.Mul(range, writer.Real(Most, ElementTypes.Float))]), writer.Node("GreaterOrEqual", [range, flat])]);
        return writer.Reshape(writer.Cast(isOther, ElementTypes.Float), -1);
    }

    /// <summary>Whether the mean over places is rounding alone in every channel [B], as that of the gradient before an instance normalisation is.</summary>
    /// <param name="gradient">[B,C,h,w].</param>
    public static Tensor OfMeans(Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        return (gradient.mean([2, 3]).abs().amax([1]) < gradient.abs().mean([2, 3]).amax([1]).mul(HeldScalar.Of(Change))).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the sign of a sum of products is rounding alone [B].</summary>
    /// <param name="one">[B,n].</param>
    /// <param name="other">[B,n].</param>
    /// <param name="otherAbsolute">What the other's numbers would be if nothing cancelled in them [B,n].</param>
    public static Tensor OfSign(Tensor one, Tensor other, Tensor otherAbsolute)
    {
        using DisposeScope scope = NewDisposeScope();
        return ((one * other).sum(1).abs() < (one.abs() * otherAbsolute).sum(1).mul(HeldScalar.Of(Change))).MoveToOuterDisposeScope();
    }

    // [1,C,h,w], between -1 and 1.
    private static Tensor Shares(ReadOnlySpan<long> shape, int salt)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        return HeldOperations.CountTo(count, ScalarType.Float32, CPU).mul_(HeldScalar.Of(1.7 + (0.6 * salt))).sin_().view([1, .. shape]);
    }

    private static string Changed(LayerNodes layer, string values, long[] shape, int salt)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] factors = [.. Shares(shape, salt).ToFloats().Select(share => 1 + (Change * share))];
        return layer.Write.Mul(values, layer.Write.Reals(factors, [1, .. shape], layer.Type));
    }

    // [B,h,w] as float32.
    private static string Written(Func<MapNodes, WrittenMap> nodes, LayerNodes layer) => layer.Write.Cast(layer.Write.Squeeze(nodes(new MapNodes(layer)).Low, 1), ElementTypes.Float);
}
