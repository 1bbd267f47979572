namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>An output of the file, and the value that may hold its scores.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Value">The output itself, or the value that it ranks, names or packs.</param>
/// <param name="Labels">The class names that it does so with; null where there are none.</param>
internal sealed record OutputValue(string Output, string Value, IReadOnlyList<string>? Labels = null)
{
    /// <summary>Whether the output is made of the value by ranking it, naming its greatest or packing it.</summary>
    public bool Ranks => Output != Value;

    /// <summary>Whether on the way the least comes first.</summary>
    public bool RanksLeast { get; init; }
}
