using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>Moves numbers between tensors and arrays in one copy; TorchSharp's own accessors are ten times slower.</summary>
internal static class TensorData
{
    /// <summary>The values of a float tensor in row-major order.</summary>
    public static float[] ToFloats(this Tensor values)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(values.detach().to(ScalarType.Float32).cpu().contiguous().bytes).ToArray();
    }

    /// <summary>The memory of a contiguous float tensor on the CPU; it must outlive the span.</summary>
    public static Span<float> Floats(this Tensor values) => MemoryMarshal.Cast<byte, float>(values.bytes);

    /// <summary>A float tensor of that shape with those values.</summary>
    public static Tensor FromFloats(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        Tensor made = empty(shape.ToArray());
        values.CopyTo(made.Floats());
        return made;
    }
}
