using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>The only names that a pickle may mention, and what calling them makes.</summary>
internal static class PickleGlobals
{
    private const string Dictionary = "collections.OrderedDict";
    private const string Tensor = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";

    private static readonly Dictionary<string, PickleGlobal> Allowed = new PickleGlobal[]
    {
        new(Dictionary, null),
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
    }.ToDictionary(global => global.Name, StringComparer.Ordinal);

    public static PickleGlobal Find(string module, string name) =>
        Allowed.TryGetValue($"{module}.{name}", out PickleGlobal? global)
            ? global
            : throw new PickleException(
                $"asks for the Python object '{TensorText.Name($"{module}.{name}")}', which was not made: only dictionaries of plain tensors are read. " +
                "Save the weights alone, with torch.save(model.state_dict(), path)");

    public static object Call(object callee, object arguments)
    {
        object[] given = (arguments as PickleTuple)?.Items ?? throw new PickleException("calls something with arguments that are no tuple");
        return (callee as PickleGlobal)?.Name switch
        {
            Dictionary when given is [] => new PickleDict(),
            Tensor when given is [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, bool, ..] && given.Length is 6 or 7 =>
                new StoredTensor(storage.Type, storage.Key, offset, Integers(shape), Integers(strides), storage.Count),
            Parameter when given is [StoredTensor tensor, bool, _] => tensor,
            { } name => throw new PickleException($"calls '{name}' with {given.Length} arguments that torch.save does not give it"),
            null => throw new PickleException("calls something that is no function"),
        };
    }

    public static PickleStorage Storage(object reference) =>
        reference is PickleTuple { Items: ["storage", PickleGlobal { StorageType: { } type }, string key, string, long count] } && count >= 0
            ? new PickleStorage(type, key, count)
            : throw new PickleException("refers to something outside it that is no storage of plain numbers");

    private static long[] Integers(PickleTuple tuple) =>
        [.. tuple.Items.Select(item => item is long number ? number : throw new PickleException("gives a tensor sizes that are no integers"))];
}
