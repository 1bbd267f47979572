using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>The only names that mean something here, and what calling them gives. All others are placeholders.</summary>
internal static class PickleGlobals
{
    private const string Dictionary = "collections.OrderedDict";
    private const string DefaultDictionary = "collections.defaultdict";
    private const string Tensor = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";

    private static readonly Dictionary<(string Module, string Name), PickleGlobal> Known = new PickleGlobal[]
    {
        new(Dictionary, null),
        new(DefaultDictionary, null),
        new(Tensor, null),
        new(Parameter, null),
        new("torch.DoubleStorage", ScalarType.Float64),
        new("torch.FloatStorage", ScalarType.Float32),
        new("torch.HalfStorage", ScalarType.Float16),
        new("torch.BFloat16Storage", ScalarType.BFloat16),
        new("torch.LongStorage", ScalarType.Int64),
        new("torch.IntStorage", ScalarType.Int32),
        new("torch.ShortStorage", ScalarType.Int16),
        new("torch.CharStorage", ScalarType.Int8),
        new("torch.ByteStorage", ScalarType.Byte),
        new("torch.BoolStorage", ScalarType.Bool),
    }.ToDictionary(global => (global.Name[..global.Name.LastIndexOf('.')], global.Name[(global.Name.LastIndexOf('.') + 1)..]));

    private static readonly int Longest = Known.Keys.Max(key => Math.Max(key.Module.Length, key.Name.Length));

    /// <summary>What a name stands for: one of the known, or a placeholder.</summary>
    public static object Find(string module, string name) =>
        module.Length <= Longest && name.Length <= Longest && Known.TryGetValue((module, name), out PickleGlobal? global) ? global : new PickleForeign(module, name);

    /// <summary>What calling gives: dictionaries and tensors of what is known, of everything else its placeholder.</summary>
    /// <exception cref="PickleException">What is called is nothing that can be, or is known and called as torch.save never does.</exception>
    public static object Call(object callee, object arguments)
    {
        object[] given = (arguments as PickleTuple)?.Items ?? throw new PickleException("calls something with arguments that are no tuple");
        if (callee is PickleForeign foreign)
        {
            return foreign.IsReconstructor && given is [PickleForeign made, ..] ? made : foreign;
        }

        return (callee as PickleGlobal)?.Name switch
        {
            Dictionary when given is [] => new PickleDict(),
            DefaultDictionary when given.Length <= 1 => new PickleDict(),
            Tensor when given is [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, bool, ..] && given.Length is 6 or 7 =>
                new StoredTensor(storage.Type, storage.Key, offset, Integers(shape), Integers(strides), storage.Count),
            Parameter when given is [StoredTensor tensor, bool, _] => tensor,
            Tensor or Parameter when given is [PickleForeign unread, ..] => unread,
            { } name => throw new PickleException($"calls '{name}' with {given.Length} arguments that torch.save does not give it"),
            null => throw new PickleException("calls something that is no function"),
        };
    }

    /// <summary>What a reference out of the pickle means: a storage of numbers, or a placeholder.</summary>
    public static object Storage(object reference) => reference switch
    {
        PickleTuple { Items: ["storage", PickleGlobal { StorageType: { } type }, string key, string, long count] } when count >= 0 => new PickleStorage(type, key, count),
        PickleTuple { Items: ["storage", PickleForeign type, ..] } => type,
        PickleTuple { Items: ["storage", ..] } => throw new PickleException("refers to something outside it that is no storage of plain numbers"),
        _ => PickleForeign.Outside,
    };

    private static long[] Integers(PickleTuple tuple) =>
        [.. tuple.Items.Select(item => item is long number ? number : throw new PickleException("gives a tensor sizes that are no integers"))];
}
