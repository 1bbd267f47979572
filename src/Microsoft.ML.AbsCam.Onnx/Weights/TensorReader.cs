using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Weights;

/// <summary>Makes tensors of the weights in a file; every length is checked against the shape before memory is touched.</summary>
internal sealed class TensorReader(string source, ExternalData externalData)
{
    /// <summary>The tensor on the CPU, without a gradient, in its type in memory (see <see cref="ElementTypes"/>).</summary>
    public Tensor Read(TensorProto proto, string what)
    {
        string name = proto.Name.Length > 0 ? $"{what} '{proto.Name}'" : what;
        ScalarType type = ElementTypes.InMemory(proto.DataType)
            ?? throw Fault(name, $"has the element type {ElementTypes.Name(proto.DataType)}; expected a float, integer or bool type.");
        long count = TensorSizes.Count(proto.Dims)
            ?? throw Fault(name, $"has the shape {TensorSizes.Text(proto.Dims)}, which is negative or too large; the file is damaged.");

        int width = ElementTypes.BytesInFile(proto.DataType);
        if (count * width > int.MaxValue)
        {
            throw Fault(name, $"takes {count * width} bytes; a single tensor may take up to {int.MaxValue}.");
        }

        if (proto.DataLocation == TensorProto.Types.DataLocation.External && count > 0 && IsKeptAsItIs(proto.DataType))
        {
            // Straight to where it stays: large networks lie outside their file, and a copy would double them.
            Tensor? outside = null;
            externalData.Read(proto, name, count * width, () => (outside = empty(proto.Dims.ToArray(), type)).bytes);
            return outside!;
        }

        ReadOnlyMemory<byte> raw = proto.DataLocation == TensorProto.Types.DataLocation.External
            ? externalData.Read(proto, name, count * width)
            : proto.RawData.Length > 0 ? proto.RawData.Memory : Typed(proto, name, count);
        if (raw.Length != count * width)
        {
            throw Fault(name, $"holds {raw.Length} bytes; its shape {TensorSizes.Text(proto.Dims)} of {ElementTypes.Name(proto.DataType)} needs {count * width}. The file is damaged or cut short.");
        }

        Tensor tensor = empty(proto.Dims.ToArray(), type);
        if (count > 0)
        {
            Widen(proto.DataType, raw.Span, tensor.bytes);
        }

        return tensor;
    }

    // The typed fields, brought into the layout that raw data has.
    private byte[] Typed(TensorProto proto, string name, long count)
    {
        byte[] Bytes<T>(IReadOnlyCollection<T> values, Action<Memory<byte>, T> write)
        {
            if (values.Count != count)
            {
                throw Fault(name, $"holds {values.Count} numbers; its shape {TensorSizes.Text(proto.Dims)} needs {count}. The file is damaged or cut short.");
            }

            int width = ElementTypes.BytesInFile(proto.DataType);
            byte[] bytes = new byte[count * width];
            int at = 0;
            foreach (T value in values)
            {
                write(bytes.AsMemory(at, width), value);
                at += width;
            }

            return bytes;
        }

        return proto.DataType switch
        {
            ElementTypes.Float => Bytes(proto.FloatData, (to, value) => BinaryPrimitives.WriteSingleLittleEndian(to.Span, value)),
            ElementTypes.Double => Bytes(proto.DoubleData, (to, value) => BinaryPrimitives.WriteDoubleLittleEndian(to.Span, value)),
            ElementTypes.Int64 => Bytes(proto.Int64Data, (to, value) => BinaryPrimitives.WriteInt64LittleEndian(to.Span, value)),
            ElementTypes.UInt64 => Bytes(proto.Uint64Data, (to, value) => BinaryPrimitives.WriteUInt64LittleEndian(to.Span, value)),
            ElementTypes.UInt32 => Bytes(proto.Uint64Data, (to, value) => BinaryPrimitives.WriteUInt32LittleEndian(to.Span, unchecked((uint)value))),
            ElementTypes.Int32 => Bytes(proto.Int32Data, (to, value) => BinaryPrimitives.WriteInt32LittleEndian(to.Span, value)),
            ElementTypes.UInt8 or ElementTypes.Int8 or ElementTypes.Bool => Bytes(proto.Int32Data, (to, value) => to.Span[0] = unchecked((byte)value)),
            _ => Bytes(proto.Int32Data, (to, value) => BinaryPrimitives.WriteUInt16LittleEndian(to.Span, unchecked((ushort)value))),
        };
    }

    private static bool IsKeptAsItIs(int elementType) =>
        elementType is not (ElementTypes.Float16 or ElementTypes.BFloat16 or ElementTypes.UInt16 or ElementTypes.UInt32 or ElementTypes.Bool);

    private static void Widen(int elementType, ReadOnlySpan<byte> raw, Span<byte> to)
    {
        switch (elementType)
        {
            case ElementTypes.Float16:
                Convert<Half, float>(raw, to, value => (float)value);
                break;
            case ElementTypes.BFloat16:
                Convert<ushort, float>(raw, to, value => BitConverter.UInt32BitsToSingle((uint)value << 16));
                break;
            case ElementTypes.UInt16:
                Convert<ushort, int>(raw, to, value => value);
                break;
            case ElementTypes.UInt32:
                Convert<uint, long>(raw, to, value => value);
                break;
            case ElementTypes.Bool:
                // Any other byte than 0 and 1 in a bool tensor is undefined behaviour in native code.
                Convert<byte, byte>(raw, to, value => value == 0 ? (byte)0 : (byte)1);
                break;
            default:
                raw.CopyTo(to);
                break;
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<byte> raw, Span<byte> to, Func<TFrom, TTo> widen)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(raw);
        Span<TTo> into = MemoryMarshal.Cast<byte, TTo>(to);
        for (int i = 0; i < from.Length; i++)
        {
            into[i] = widen(from[i]);
        }
    }

    private NetworkLoadException Fault(string name, string problem) => new($"{source}: {name} {problem}");
}
