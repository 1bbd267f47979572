namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Finds the dictionary of tensors in what <c>torch.save</c> wrote: the whole of it, or a part of a checkpoint.</summary>
internal static class StateDict
{
    private static readonly string[] CommonKeys = ["state_dict", "model_state_dict", "model"];

    public static PickleDict Choose(object saved, string? key, string source)
    {
        PickleDict whole = saved as PickleDict
            ?? throw new NetworkLoadException($"{source}: the file holds {Kind(saved)}; expected a dictionary of tensors. Save the weights with torch.save(model.state_dict(), path).");
        if (key is not null)
        {
            return whole.Items.GetValueOrDefault(key) as PickleDict
                ?? throw new NetworkLoadException($"{source}: the file has no dictionary under the key '{key}'.{NearNames.Hint(key, Keys(whole))} It has {TensorText.List(Keys(whole))}.");
        }

        if (HasTensors(whole))
        {
            return whole;
        }

        string[] parts = [.. Keys(whole).Where(name => HasTensors(whole.Items[name]))];
        string? chosen = parts.Length == 1 ? parts[0] : CommonKeys.FirstOrDefault(parts.Contains);
        return chosen is not null
            ? (PickleDict)whole.Items[chosen]
            : throw new NetworkLoadException(parts.Length == 0
                ? $"{source}: the file holds no tensors by name, only {TensorText.List(Keys(whole))}. Save the weights with torch.save(model.state_dict(), path)."
                : $"{source}: the file holds several dictionaries of tensors, {TensorText.List(parts)}. Say which one by {nameof(WeightsOptions)}.{nameof(WeightsOptions.StateDictKey)}.");
    }

    private static bool HasTensors(object value) => value is PickleDict dictionary && dictionary.Items.Values.Any(item => item is StoredTensor);

    private static string[] Keys(PickleDict dictionary) => [.. dictionary.Items.Keys];

    private static string Kind(object saved) => saved switch
    {
        StoredTensor => "a single tensor",
        PickleList or PickleTuple => "a list",
        _ => "something else",
    };
}
