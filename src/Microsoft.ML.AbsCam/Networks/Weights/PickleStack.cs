namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>The stack of a pickle's instructions, with the marks at which groups begin.</summary>
/// <param name="mostMarks">How many groups may be open.</param>
internal sealed class PickleStack(int mostMarks)
{
    private readonly List<object> _items = [];
    private readonly Stack<int> _marks = new();

    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    public static void Check(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw new PickleException(fault);
        }
    }

    public void Push(object item) => _items.Add(item);

    public void Mark()
    {
        Check(_marks.Count < mostMarks, "is nested deeper than weights need");
        _marks.Push(_items.Count);
    }

    public object Top()
    {
        Check(_items.Count > Floor, "takes from an empty stack");
        return _items[^1];
    }

    public object Pop() => PopMany(1)[0];

    public void PopItemOrMark()
    {
        if (_marks.Count > 0 && _items.Count == Floor)
        {
            _marks.Pop();
        }
        else
        {
            Pop();
        }
    }

    public object[] PopMany(int count)
    {
        Check(_items.Count - count >= Floor, "takes from an empty stack");
        object[] items = [.. _items.GetRange(_items.Count - count, count)];
        _items.RemoveRange(_items.Count - count, count);
        return items;
    }

    public object[] PopToMark()
    {
        Check(_marks.Count > 0, "ends a group that it has not begun");
        return PopMany(_items.Count - _marks.Pop());
    }
}
