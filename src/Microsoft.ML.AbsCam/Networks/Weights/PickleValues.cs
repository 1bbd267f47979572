using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>A name that the pickle may use: what it stands for is decided here and never looked up anywhere.</summary>
internal sealed record PickleGlobal(string Name, ScalarType? StorageType);

/// <summary>
/// Stands where a Python object would: a class, a function, what calling one would give, bytes, sets. It holds nothing but the name, and
/// nothing is made by that name. Whatever is called with it, set on it or put into it leaves it as it is.
/// </summary>
/// <remarks>Module and name stay apart: a file can ask for exponentially many pairs of a few long texts.</remarks>
internal sealed class PickleForeign(string? module, string name)
{
    public static readonly PickleForeign Bytes = new(null, "bytes");
    public static readonly PickleForeign Text = new(null, "str that is not UTF-8");
    public static readonly PickleForeign Set = new(null, "set");
    public static readonly PickleForeign LargeInteger = new(null, "int");
    public static readonly PickleForeign Buffer = new(null, "memoryview");
    public static readonly PickleForeign Extension = new(null, "an object of the extension registry");
    public static readonly PickleForeign Outside = new(null, "an object kept outside of the pickle");

    /// <summary>Whether it is what protocols 0 and 1 make objects by: the class is then its first argument.</summary>
    public bool IsReconstructor => name == "_reconstructor" && module is "copy_reg" or "copyreg";

    /// <summary>The name for messages, safe to show.</summary>
    public override string ToString() => TensorText.Name(module is null ? name : $"{module}.{name}");
}

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

    /// <summary>The first key that is an object which was not made; null where there is none.</summary>
    public PickleForeign? ForeignKey { get; private set; }

    public void Set(object key, object value)
    {
        if (key is string name)
        {
            Items[name] = value;
        }
        else
        {
            ForeignKey ??= key as PickleForeign;
        }
    }
}
