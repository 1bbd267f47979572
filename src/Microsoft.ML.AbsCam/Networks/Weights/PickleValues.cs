using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>A name that the pickle may use: what it stands for is decided here and never looked up anywhere.</summary>
internal sealed record PickleGlobal(string Name, ScalarType? StorageType);

/// <summary>A reference to an entry of the archive: the numbers that tensors are views of.</summary>
internal sealed record PickleStorage(ScalarType Type, string Key, long Count);

/// <summary>Python's None.</summary>
internal sealed record PickleNone
{
    public static readonly PickleNone Value = new();
}

/// <summary>A tuple. Not compared by content: a file can make tuples whose content is exponentially large.</summary>
internal sealed class PickleTuple(object[] items)
{
    public object[] Items { get; } = items;
}

/// <summary>A list. Its content is never asked for, so only its existence is kept.</summary>
internal sealed class PickleList;

/// <summary>A dictionary. Entries whose key is no text, as in the state of optimizers, are left out: no tensor is asked for by them.</summary>
internal sealed class PickleDict
{
    public OrderedDictionary<string, object> Items { get; } = new(StringComparer.Ordinal);

    public void Set(object key, object value)
    {
        if (key is string name)
        {
            Items[name] = value;
        }
    }
}
