using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>
/// Reads the pickles that hold dictionaries of tensors. It is no interpreter of Python objects: a name outside
/// <see cref="PickleGlobals"/> or an instruction outside <see cref="PickleOpcode"/> ends the reading.
/// </summary>
/// <remarks>Nothing here recurses, so nesting costs no stack.</remarks>
internal sealed class PickleReader(byte[] bytes)
{
    private const int MostInstructions = 5_000_000;
    private const int MostOpenMarks = 1_000;
    private const int LongestName = 4_096;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<object> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object> _memo = [];
    private int _at;

    /// <exception cref="PickleException">The pickle is damaged, or holds what is not read.</exception>
    public static object Read(byte[] bytes) => new PickleReader(bytes).Run();

    private object Run()
    {
        for (int count = 0; count < MostInstructions; count++)
        {
            byte code = Take(1)[0];
            if (code == (byte)PickleOpcode.Stop)
            {
                return Pop();
            }

            Carry(code);
        }

        throw new PickleException($"has more than {MostInstructions} instructions, more than a network's weights need");
    }

    private void Carry(byte code)
    {
        switch ((PickleOpcode)code)
        {
            case PickleOpcode.Proto:
                byte protocol = Take(1)[0];
                Check(protocol is >= 2 and <= 5, "is of another protocol than 2 to 5");
                break;
            case PickleOpcode.Frame:
                Take(8);
                break;
            case PickleOpcode.Mark:
                Check(_marks.Count < MostOpenMarks, "is nested deeper than weights need");
                _marks.Push(_stack.Count);
                break;
            case PickleOpcode.None:
                _stack.Add(PickleNone.Value);
                break;
            case PickleOpcode.NewTrue:
                _stack.Add(true);
                break;
            case PickleOpcode.NewFalse:
                _stack.Add(false);
                break;
            case PickleOpcode.BinInt:
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.BinInt1:
                _stack.Add((long)Take(1)[0]);
                break;
            case PickleOpcode.BinInt2:
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case PickleOpcode.Long1:
                _stack.Add(TakeLong());
                break;
            case PickleOpcode.BinFloat:
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case PickleOpcode.BinUnicode:
                _stack.Add(TakeText(TakeUInt32()));
                break;
            case PickleOpcode.ShortBinUnicode:
                _stack.Add(TakeText(Take(1)[0]));
                break;
            case PickleOpcode.EmptyTuple:
                _stack.Add(new PickleTuple([]));
                break;
            case PickleOpcode.EmptyList:
                _stack.Add(new PickleList());
                break;
            case PickleOpcode.EmptyDict:
                _stack.Add(new PickleDict());
                break;
            case PickleOpcode.Tuple1:
            case PickleOpcode.Tuple2:
            case PickleOpcode.Tuple3:
                _stack.Add(new PickleTuple(PopMany(code - (int)PickleOpcode.Tuple1 + 1)));
                break;
            case PickleOpcode.Tuple:
                _stack.Add(new PickleTuple(PopToMark()));
                break;
            case PickleOpcode.Append:
                Pop();
                Check(Top() is PickleList, "appends to something that is no list");
                break;
            case PickleOpcode.Appends:
                PopToMark();
                Check(Top() is PickleList, "appends to something that is no list");
                break;
            case PickleOpcode.SetItem:
                SetItems(PopMany(2));
                break;
            case PickleOpcode.SetItems:
                SetItems(PopToMark());
                break;
            case PickleOpcode.BinPut:
                _memo[Take(1)[0]] = Top();
                break;
            case PickleOpcode.LongBinPut:
                _memo[TakeUInt32()] = Top();
                break;
            case PickleOpcode.Memoize:
                _memo[(uint)_memo.Count] = Top();
                break;
            case PickleOpcode.BinGet:
                _stack.Add(Remembered(Take(1)[0]));
                break;
            case PickleOpcode.LongBinGet:
                _stack.Add(Remembered(TakeUInt32()));
                break;
            case PickleOpcode.Global:
                _stack.Add(PickleGlobals.Find(TakeLine(), TakeLine()));
                break;
            case PickleOpcode.StackGlobal:
                _stack.Add(PopMany(2) is [string module, string name]
                    ? PickleGlobals.Find(module, name)
                    : throw new PickleException("names a Python object by something that is no text"));
                break;
            case PickleOpcode.BinPersId:
                _stack.Add(PickleGlobals.Storage(Pop()));
                break;
            case PickleOpcode.Reduce:
                object[] call = PopMany(2);
                _stack.Add(PickleGlobals.Call(call[0], call[1]));
                break;
            case PickleOpcode.Build:
                // A state dict carries its format's versions as an attribute; weights do not need them.
                Check(Pop() is PickleDict && Top() is PickleDict, "sets attributes of something that is no dictionary");
                break;
            default:
                throw new PickleException(
                    $"has the instruction {RefusedOpcodes.Name(code)} at byte {_at - 1}, which dictionaries of plain tensors do not need, so it was not carried out. " +
                    "Save the weights alone, with torch.save(model.state_dict(), path)");
        }
    }

    private void SetItems(object[] items)
    {
        Check(items.Length % 2 == 0, "gives a dictionary a key without a value");
        var dictionary = Top() as PickleDict ?? throw new PickleException("sets an item of something that is no dictionary");
        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Set(items[i], items[i + 1]);
        }
    }

    private object Remembered(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw new PickleException($"refers to an object {index} that it has not made");

    private object Top()
    {
        Check(_stack.Count > Floor, "takes from an empty stack");
        return _stack[^1];
    }

    private object Pop() => PopMany(1)[0];

    private object[] PopMany(int count)
    {
        Check(_stack.Count - count >= Floor, "takes from an empty stack");
        object[] items = [.. _stack.GetRange(_stack.Count - count, count)];
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object[] PopToMark()
    {
        Check(_marks.Count > 0, "ends a group that it has not begun");
        return PopMany(_stack.Count - _marks.Pop());
    }

    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > bytes.Length - _at)
        {
            throw new PickleException($"ends in the middle of an instruction, at byte {bytes.Length}");
        }

        ReadOnlySpan<byte> taken = bytes.AsSpan(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    private uint TakeUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private long TakeLong()
    {
        byte count = Take(1)[0];
        if (count > 8)
        {
            throw new PickleException($"has an integer of {count} bytes; expected at most 8");
        }

        ReadOnlySpan<byte> digits = Take(count);
        long value = count > 0 && (sbyte)digits[^1] < 0 ? -1 : 0;
        for (int i = count - 1; i >= 0; i--)
        {
            value = (value << 8) | digits[i];
        }

        return value;
    }

    private string TakeText(uint count)
    {
        ReadOnlySpan<byte> text = Take(count);
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new PickleException($"has a text that is not UTF-8 before byte {_at}");
        }
    }

    private string TakeLine()
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(_at);
        int end = rest[..Math.Min(rest.Length, LongestName)].IndexOf((byte)'\n');
        Check(end >= 0, "has a name that does not end");
        string line = TakeText((uint)end);
        _at++;
        return line;
    }

    private static void Check(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw new PickleException(fault);
        }
    }
}
