using System.Buffers.Binary;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>
/// Reads the pickles that hold dictionaries of tensors, whatever stands beside these. It is no interpreter of Python objects: a name
/// outside <see cref="PickleGlobals"/> is a placeholder, and nothing is ever made or called by it.
/// </summary>
/// <remarks>Nothing here recurses, so nesting costs no stack; every instruction keeps a reference or two at most.</remarks>
internal sealed class PickleReader
{
    private const int MostInstructions = 5_000_000;
    private const int MostOpenMarks = 1_000;

    private readonly PickleBytes _bytes;
    private readonly PickleStack _stack = new(MostOpenMarks);
    private readonly Dictionary<uint, object> _memo = [];

    private PickleReader(byte[] bytes) => _bytes = new PickleBytes(bytes);

    /// <exception cref="PickleException">The pickle is damaged, or larger than weights need.</exception>
    public static object Read(byte[] bytes) => new PickleReader(bytes).Run();

    private object Run()
    {
        for (int count = 0; count < MostInstructions; count++)
        {
            var code = (PickleOpcode)_bytes.TakeByte();
            if (code == PickleOpcode.Stop)
            {
                return _stack.Pop();
            }

            if (Value(code) is { } value)
            {
                _stack.Push(value);
            }
            else
            {
                Carry(code);
            }
        }

        throw new PickleException($"has more than {MostInstructions} instructions, more than a network's weights need");
    }

    /// <summary>What an instruction that only pushes something pushes; null for all others.</summary>
    private object? Value(PickleOpcode code) => code switch
    {
        PickleOpcode.None => PickleNone.Value,
        PickleOpcode.NewTrue => true,
        PickleOpcode.NewFalse => false,
        PickleOpcode.Int => _bytes.TakeIntegerOrTruth(),
        PickleOpcode.Long => _bytes.TakeIntegerLine(),
        PickleOpcode.BinInt => (long)BinaryPrimitives.ReadInt32LittleEndian(_bytes.Take(4)),
        PickleOpcode.BinInt1 => (long)_bytes.TakeByte(),
        PickleOpcode.BinInt2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Take(2)),
        PickleOpcode.Long1 => _bytes.TakeInteger(_bytes.TakeByte()),
        PickleOpcode.Long4 => _bytes.TakeInteger(_bytes.TakeUInt32()),
        PickleOpcode.Float => _bytes.TakeNumberLine(),
        PickleOpcode.BinFloat => BinaryPrimitives.ReadDoubleBigEndian(_bytes.Take(8)),
        PickleOpcode.String => _bytes.TakeEscapedLine(isQuoted: true),
        PickleOpcode.BinString => _bytes.TakeOldText(_bytes.TakeUInt32()),
        PickleOpcode.ShortBinString => _bytes.TakeOldText(_bytes.TakeByte()),
        PickleOpcode.Unicode => _bytes.TakeEscapedLine(isQuoted: false),
        PickleOpcode.BinUnicode => _bytes.TakeText(_bytes.TakeUInt32()),
        PickleOpcode.ShortBinUnicode => _bytes.TakeText(_bytes.TakeByte()),
        PickleOpcode.BinUnicode8 => _bytes.TakeText(_bytes.TakeUInt64()),
        PickleOpcode.BinBytes => Skipped(_bytes.TakeUInt32()),
        PickleOpcode.ShortBinBytes => Skipped(_bytes.TakeByte()),
        PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8 => Skipped(_bytes.TakeUInt64()),
        PickleOpcode.EmptyTuple => new PickleTuple([]),
        PickleOpcode.EmptyList => new PickleList(),
        PickleOpcode.EmptyDict => new PickleDict(),
        PickleOpcode.EmptySet => PickleForeign.Set,
        PickleOpcode.NextBuffer => PickleForeign.Buffer,
        PickleOpcode.Ext1 => Skipped(1, PickleForeign.Extension),
        PickleOpcode.Ext2 => Skipped(2, PickleForeign.Extension),
        PickleOpcode.Ext4 => Skipped(4, PickleForeign.Extension),
        PickleOpcode.Global => PickleGlobals.Find(_bytes.TakeName(), _bytes.TakeName()),
        PickleOpcode.Get => Remembered(_bytes.TakeIndexLine()),
        PickleOpcode.BinGet => Remembered(_bytes.TakeByte()),
        PickleOpcode.LongBinGet => Remembered(_bytes.TakeUInt32()),
        _ => null,
    };

    private void Carry(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.Proto:
                PickleStack.Check(_bytes.TakeByte() <= 5, "is of another protocol than 0 to 5");
                break;
            case PickleOpcode.Frame:
                _bytes.Take(8);
                break;
            case PickleOpcode.Mark:
                _stack.Mark();
                break;
            case PickleOpcode.Pop:
                _stack.PopItemOrMark();
                break;
            case PickleOpcode.PopMark:
                _stack.PopToMark();
                break;
            case PickleOpcode.Dup:
                _stack.Push(_stack.Top());
                break;
            case PickleOpcode.PersId:
                _bytes.SkipLine();
                _stack.Push(PickleForeign.Outside);
                break;
            case PickleOpcode.BinPersId:
                _stack.Push(PickleGlobals.Storage(_stack.Pop()));
                break;
            case PickleOpcode.Tuple1:
            case PickleOpcode.Tuple2:
            case PickleOpcode.Tuple3:
                _stack.Push(new PickleTuple(_stack.PopMany(code - PickleOpcode.Tuple1 + 1)));
                break;
            case PickleOpcode.Tuple:
                _stack.Push(new PickleTuple(_stack.PopToMark()));
                break;
            case PickleOpcode.List:
                _stack.PopToMark();
                _stack.Push(new PickleList());
                break;
            case PickleOpcode.Dict:
                object[] entries = _stack.PopToMark();
                _stack.Push(new PickleDict());
                SetItems(entries);
                break;
            case PickleOpcode.FrozenSet:
                _stack.PopToMark();
                _stack.Push(PickleForeign.Set);
                break;
            case PickleOpcode.Append:
                _stack.Pop();
                CheckThatItTakes(_stack.Top());
                break;
            case PickleOpcode.Appends:
            case PickleOpcode.AddItems:
                _stack.PopToMark();
                CheckThatItTakes(_stack.Top());
                break;
            case PickleOpcode.SetItem:
                SetItems(_stack.PopMany(2));
                break;
            case PickleOpcode.SetItems:
                SetItems(_stack.PopToMark());
                break;
            case PickleOpcode.Put:
                _memo[_bytes.TakeIndexLine()] = _stack.Top();
                break;
            case PickleOpcode.BinPut:
                _memo[_bytes.TakeByte()] = _stack.Top();
                break;
            case PickleOpcode.LongBinPut:
                _memo[_bytes.TakeUInt32()] = _stack.Top();
                break;
            case PickleOpcode.Memoize:
                _memo[(uint)_memo.Count] = _stack.Top();
                break;
            case PickleOpcode.ReadOnlyBuffer:
                PickleStack.Check(_stack.Top() is PickleForeign, "takes something for a buffer that is none");
                break;
            case PickleOpcode.StackGlobal:
                _stack.Push(_stack.PopMany(2) is [string module, string name]
                    ? PickleGlobals.Find(module, name)
                    : throw new PickleException("names a Python object by something that is no text"));
                break;
            case PickleOpcode.Reduce:
            case PickleOpcode.NewObj:
                object[] call = _stack.PopMany(2);
                _stack.Push(PickleGlobals.Call(call[0], call[1]));
                break;
            case PickleOpcode.NewObjEx:
                object[] made = _stack.PopMany(3);
                _stack.Push(PickleGlobals.Call(made[0], made[1]));
                break;
            case PickleOpcode.Inst:
                _stack.Push(PickleGlobals.Call(PickleGlobals.Find(_bytes.TakeName(), _bytes.TakeName()), new PickleTuple(_stack.PopToMark())));
                break;
            case PickleOpcode.Obj:
                _stack.Push(_stack.PopToMark() is [object callee, .. object[] arguments]
                    ? PickleGlobals.Call(callee, new PickleTuple(arguments))
                    : throw new PickleException("makes an object of no class"));
                break;
            case PickleOpcode.Build:
                // A state dict carries its format's versions as an attribute; weights do not need them.
                _stack.Pop();
                PickleStack.Check(_stack.Top() is PickleDict or PickleForeign or StoredTensor, "sets attributes of something that has none");
                break;
            default:
                throw new PickleException($"has the instruction 0x{(byte)code:X2} at byte {_bytes.At - 1}, which no pickle has; the file is damaged");
        }
    }

    private void SetItems(object[] items)
    {
        PickleStack.Check(items.Length % 2 == 0, "gives a dictionary a key without a value");
        if (_stack.Top() is PickleForeign)
        {
            return;
        }

        var dictionary = _stack.Top() as PickleDict ?? throw new PickleException("sets an item of something that is no dictionary");
        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Set(items[i], items[i + 1]);
        }
    }

    private PickleForeign Skipped(ulong count, PickleForeign? instead = null)
    {
        _bytes.Take(count);
        return instead ?? PickleForeign.Bytes;
    }

    private object Remembered(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw new PickleException($"refers to an object {index} that it has not made");

    private static void CheckThatItTakes(object top) => PickleStack.Check(top is PickleList or PickleForeign, "appends to something that is no list");
}
