using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Copies one tensor out of a file onto one in memory, whatever the type, layout and device of either.</summary>
internal static class TensorCopy
{
    private const long BlockBytes = 16 << 20;

    public static void Copy(IWeightsFile file, StoredTensor from, Tensor to)
    {
        long extent = from.Extent;
        if (extent == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor numbers = Memory(extent, from);
        file.Read(from, bytes => Fill(numbers, extent, from.Type, bytes));
        to.copy_(numbers.as_strided(from.Shape, from.Strides, 0));
    }

    private static Tensor Memory(long extent, StoredTensor from)
    {
        try
        {
            return empty([extent], from.Type, CPU);
        }
        catch (ExternalException e)
        {
            throw new InsufficientMemoryException(
                $"a tensor of the shape {TensorText.Shape(from.Shape)} takes {(Int128)extent * TensorText.Bytes(from.Type)} bytes in the file, for which there is no memory beside the module. Use a machine with more, or leave the tensor out with {nameof(WeightsOptions)}.{nameof(WeightsOptions.MapName)}.", e);
        }
    }

    private static void Fill(Tensor numbers, long extent, ScalarType type, Stream bytes)
    {
        // A span ends at two billion bytes; a tensor need not.
        long block = BlockBytes / TensorText.Bytes(type);
        for (long begin = 0; begin < extent; begin += block)
        {
            using Tensor part = numbers.narrow(0, begin, Math.Min(block, extent - begin));
            Span<byte> memory = part.bytes;
            bytes.ReadExactly(memory);
            if (type == ScalarType.Bool)
            {
                MakeBooleans(memory);
            }
        }
    }

    // libtorch takes any byte but 0 and 1 in a Bool tensor for undefined.
    private static void MakeBooleans(Span<byte> memory)
    {
        foreach (ref byte value in memory)
        {
            value = value == 0 ? (byte)0 : (byte)1;
        }
    }
}
