using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>The bytes of a pickle, read from front to back, and what numbers and texts in them say.</summary>
internal sealed class PickleBytes(byte[] bytes)
{
    private const int LongestName = 4_096;
    private const int LongestNumber = 64;

    /// <summary>Where the next byte is.</summary>
    public int At { get; private set; }

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - At))
        {
            throw new PickleException($"ends in the middle of an instruction, at byte {bytes.Length}");
        }

        ReadOnlySpan<byte> taken = bytes.AsSpan(At, (int)count);
        At += (int)count;
        return taken;
    }

    public byte TakeByte() => Take(1)[0];

    public uint TakeUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong TakeUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>An integer of so many bytes; one that no size or offset can be is not kept.</summary>
    public object TakeInteger(uint count)
    {
        ReadOnlySpan<byte> digits = Take(count);
        if (count > sizeof(long))
        {
            return PickleForeign.LargeInteger;
        }

        long value = count > 0 && (sbyte)digits[^1] < 0 ? -1 : 0;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | digits[i];
        }

        return value;
    }

    /// <summary>An integer in digits, which may end in an L.</summary>
    public object TakeIntegerLine()
    {
        ReadOnlySpan<byte> line = TakeLine(bytes.Length).TrimEnd((byte)'L');
        if (line.Length <= LongestNumber && long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            return value;
        }

        return line.Length > 1 && !line[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            ? PickleForeign.LargeInteger
            : throw new PickleException($"has an integer without digits before byte {At}");
    }

    /// <summary>As <see cref="TakeIntegerLine"/>, where 00 and 01 are false and true.</summary>
    public object TakeIntegerOrTruth()
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(At);
        if (rest.Length >= 3 && rest[0] == '0' && rest[1] is (byte)'0' or (byte)'1' && rest[2] == '\n')
        {
            return Take(3)[1] == '1';
        }

        return TakeIntegerLine();
    }

    public double TakeNumberLine()
    {
        ReadOnlySpan<byte> line = TakeLine(LongestName);
        return line switch
        {
            _ when line.SequenceEqual("inf"u8) => double.PositiveInfinity,
            _ when line.SequenceEqual("-inf"u8) => double.NegativeInfinity,
            _ when line.SequenceEqual("nan"u8) => double.NaN,
            _ when double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
            _ => throw new PickleException($"has a number without digits before byte {At}"),
        };
    }

    /// <summary>A text; one that is not UTF-8, as Python keeps names of files, is not kept.</summary>
    public object TakeText(ulong count)
    {
        ReadOnlySpan<byte> text = Take(count);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : PickleForeign.Text;
    }

    /// <summary>A text of Python 2, whose encoding nobody tells: one byte is one letter.</summary>
    public string TakeOldText(ulong count) => Encoding.Latin1.GetString(Take(count));

    /// <summary>A text as Python's source has it, in quotes or bare.</summary>
    public string TakeEscapedLine(bool isQuoted)
    {
        ReadOnlySpan<byte> line = TakeLine(bytes.Length);
        if (isQuoted)
        {
            line = line.Length >= 2 && line[0] is (byte)'\'' or (byte)'"' && line[^1] == line[0]
                ? line[1..^1]
                : throw new PickleException($"has a text without quotes before byte {At}");
        }

        return PickleEscapes.Read(Encoding.Latin1.GetString(line), isBare: !isQuoted);
    }

    /// <summary>The number by which something is remembered, in digits.</summary>
    public uint TakeIndexLine() => uint.TryParse(TakeLine(LongestName), NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
        ? index
        : throw new PickleException($"remembers something by no number before byte {At}");

    /// <summary>One part of the name of a Python object; what is no text stays readable in messages.</summary>
    public string TakeName() => Encoding.UTF8.GetString(TakeLine(LongestName));

    public void SkipLine() => TakeLine(bytes.Length);

    private ReadOnlySpan<byte> TakeLine(int longest)
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(At);
        int end = rest[..Math.Min(rest.Length, longest)].IndexOf((byte)'\n');
        if (end < 0)
        {
            throw new PickleException("has a name that does not end");
        }

        At += end + 1;
        return rest[..end].TrimEnd((byte)'\r');
    }
}
