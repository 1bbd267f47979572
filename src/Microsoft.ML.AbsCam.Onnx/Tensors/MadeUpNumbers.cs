using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>Numbers that stand in for real ones while a network is looked at; they leave the process's random numbers alone.</summary>
internal static class MadeUpNumbers
{
    /// <summary>From -1 to 1, no two of them alike, in this shape.</summary>
    public static Tensor Waves(params long[] shape) =>
        HeldOperations.CountTo(shape.Aggregate(1L, (product, size) => product * size), ScalarType.Float32).mul(HeldScalar.Of(0.7)).sin().reshape(shape);
}
