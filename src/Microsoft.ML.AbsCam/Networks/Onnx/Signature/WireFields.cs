namespace Microsoft.ML.AbsCam.Networks.Onnx.Signature;

/// <summary>Walks over the fields of one protobuf message and gives those that have a length, without copying or parsing them.</summary>
internal ref struct WireFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _left = message;

    public int Number { get; private set; }

    public ReadOnlySpan<byte> Content { get; private set; }

    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public bool MoveNext()
    {
        while (!_left.IsEmpty)
        {
            ulong tag = ReadNumber();
            switch (tag & 7)
            {
                case 0:
                    ReadNumber();
                    break;
                case 1:
                    Take(8);
                    break;
                case 2:
                    Number = (int)(tag >> 3);
                    Content = Take(ReadNumber());
                    return true;
                case 5:
                    Take(4);
                    break;
                default:
                    throw new InvalidDataException();
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_left.Length)
        {
            throw new InvalidDataException();
        }

        ReadOnlySpan<byte> taken = _left[..(int)length];
        _left = _left[(int)length..];
        return taken;
    }

    private ulong ReadNumber()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException();
    }
}
