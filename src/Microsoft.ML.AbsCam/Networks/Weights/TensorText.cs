using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Sizes and types as messages show them, and how wide numbers are in a file.</summary>
internal static class TensorText
{
    public static string Shape(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes)}]";

    /// <summary>A name out of a file, cut to a length that a message can bear and without control characters.</summary>
    public static string Name(string name)
    {
        const int Longest = 200;
        string shown = name.Length > Longest ? name[..Longest] + "…" : name;
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    /// <summary>A list for a message, with how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names)
    {
        const int Shown = 20;
        string list = string.Join(", ", names.Take(Shown).Select(name => $"'{Name(name)}'"));
        return names.Count > Shown ? $"{list} and {names.Count - Shown} more" : list;
    }

    public static int Bytes(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type that files of weights are read in."),
    };
}
