using Microsoft.ML.AbsCam.Onnx.Messages;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Finds the dictionary of tensors in what <c>torch.save</c> wrote: the whole of it, or a part of a checkpoint.</summary>
internal static class StateDict
{
    private const string NotMade = "which was not made: only dictionaries of plain tensors are read. Save the weights alone, with torch.save(model.state_dict(), path).";

    private const int MostNamed = 3;

    private static readonly string[] CommonKeys = ["state_dict", "model_state_dict", "model"];

    /// <exception cref="NetworkLoadException">There is none, there are several, or it holds objects that are not made.</exception>
    public static PickleDict Choose(object saved, string? key, string source)
    {
        PickleDict chosen = Find(saved, key, source);
        string? fault = chosen.ForeignKey is { } foreignKey ? $"a key is the Python object '{foreignKey}'"
            : chosen.Items.FirstOrDefault(item => item.Value is PickleForeign) is { Key: { } name, Value: { } value } ? $"'{TensorText.Name(name)}' is the Python object '{value}'"
            : null;
        return fault is null ? chosen : throw new NetworkLoadException($"{source}: in the dictionary of tensors {fault}, {NotMade}");
    }

    private static PickleDict Find(object saved, string? key, string source)
    {
        if (saved is PickleForeign model)
        {
            throw new NetworkLoadException($"{source}: the file holds the Python object '{model}', {NotMade}");
        }

        PickleDict whole = saved as PickleDict
            ?? throw new NetworkLoadException($"{source}: the file holds {Kind(saved)}; expected a dictionary of tensors. Save the weights with torch.save(model.state_dict(), path).");
        if (key is not null)
        {
            object? part = whole.Items.GetValueOrDefault(key);
            return part as PickleDict ?? throw (part is PickleForeign other
                ? new NetworkLoadException($"{source}: under the key '{key}' there is the Python object '{other}', {NotMade}")
                : new NetworkLoadException($"{source}: the file has no dictionary under the key '{key}'.{NearNames.Hint(key, Keys(whole))} It has {TensorText.List(Keys(whole))}."));
        }

        // Beside the dictionary of the weights a checkpoint may hold tensors of its own, the best accuracy for example; and a state dict, dictionaries of some layer's.
        int own = Tensors(whole);
        string[] parts = [.. Keys(whole).Where(name => HasTensors(whole.Items[name]))];
        string? chosen = CommonKeys.FirstOrDefault(parts.Contains) ?? (parts is [string only] && Tensors(whole.Items[only]) > own ? only : null);
        if (chosen is null && own > 0)
        {
            return whole;
        }

        return chosen is not null
            ? (PickleDict)whole.Items[chosen]
            : throw new NetworkLoadException(parts.Length == 0
                ? $"{source}: the file holds no tensors by name, only {TensorText.List(Keys(whole))}{Objects(whole)}. Save the weights with torch.save(model.state_dict(), path)."
                : $"{source}: the file holds several dictionaries of tensors, {TensorText.List(parts)}. Say which one by {nameof(WeightsOptions)}.{nameof(WeightsOptions.StateDictKey)}.");
    }

    private static bool HasTensors(object value) => Tensors(value) > 0;

    private static int Tensors(object value) => value is PickleDict dictionary ? dictionary.Items.Values.Count(item => item is StoredTensor) : 0;

    private static string[] Keys(PickleDict dictionary) => [.. dictionary.Items.Keys];

    private static string Objects(PickleDict whole)
    {
        string[] objects = [.. whole.Items.Where(item => item.Value is PickleForeign).Take(MostNamed).Select(item => $"'{TensorText.Name(item.Key)}' is the Python object '{item.Value}'")];
        return objects.Length == 0 ? "" : $", where {string.Join(", ", objects)}, which was not made";
    }

    private static string Kind(object saved) => saved switch
    {
        StoredTensor => "a single tensor",
        PickleList or PickleTuple => "a list",
        _ => "something else",
    };
}
