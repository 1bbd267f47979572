using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>Writes pickle instructions as torch.save emits them: protocol 2, with what may be referred to again put into the memo.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _globals = [];
    private int _memo;

    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Begin() => Raw(0x80, 2);

    public byte[] End()
    {
        Raw((byte)'.');
        return [.. _bytes];
    }

    public PickleWriter Op(char code) => Raw((byte)code);

    public PickleWriter Put()
    {
        if (_memo < 256)
        {
            Raw((byte)'q', (byte)_memo);
        }
        else
        {
            Raw((byte)'r', (byte)_memo, (byte)(_memo >> 8), 0, 0);
        }

        _memo++;
        return this;
    }

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Raw((byte)'X').Raw(length).Raw(utf8).Put();
    }

    public PickleWriter Global(string module, string name)
    {
        if (_globals.TryGetValue($"{module}.{name}", out int index))
        {
            return index < 256 ? Raw((byte)'h', (byte)index) : Raw((byte)'j', (byte)index, (byte)(index >> 8), 0, 0);
        }

        _globals.Add($"{module}.{name}", _memo);
        return Raw((byte)'c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n")).Put();
    }

    public PickleWriter Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return value switch
        {
            >= 0 and < 256 => Raw((byte)'K', bytes[0]),
            >= 0 and < 65536 => Raw((byte)'M').Raw(bytes[..2]),
            >= int.MinValue and <= int.MaxValue => Raw((byte)'J').Raw(bytes[..4]),
            _ => Raw(0x8A, 8).Raw(bytes),
        };
    }

    public PickleWriter Integers(long[] values)
    {
        if (values.Length == 0)
        {
            return Op(')');
        }

        if (values.Length > 3)
        {
            Op('(');
        }

        foreach (long value in values)
        {
            Integer(value);
        }

        return (values.Length > 3 ? Op('t') : Raw((byte)(0x84 + values.Length))).Put();
    }

    public PickleWriter EmptyOrderedDictionary() => Global("collections", "OrderedDict").Op(')').Op('R').Put();

    public PickleWriter Tensor(string key, string storageType, long storageCount, long offset, long[] shape, long[] strides)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        Op('(').Text("storage").Global("torch", storageType).Text(key).Text("cpu").Integer(storageCount).Op('t').Put().Op('Q');
        Integer(offset).Integers(shape).Integers(strides).Raw(0x89).EmptyOrderedDictionary();
        return Op('t').Put().Op('R').Put();
    }
}
