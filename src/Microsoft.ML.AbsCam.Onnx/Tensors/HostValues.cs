using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>Small tensors as plain numbers: shapes, axes, sizes.</summary>
internal static class HostValues
{
    public static long[] Ints(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = tensor.to(ScalarType.Int64).cpu().contiguous();
        return flat.numel() == 0 ? [] : MemoryMarshal.Cast<byte, long>(flat.bytes).ToArray();
    }

    public static double[] Doubles(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = tensor.to(ScalarType.Float64).cpu().contiguous();
        return flat.numel() == 0 ? [] : MemoryMarshal.Cast<byte, double>(flat.bytes).ToArray();
    }

    public static Tensor Of(params ReadOnlySpan<long> values) => tensor(values.ToArray(), ScalarType.Int64);
}
