namespace Microsoft.ML.AbsCam;

/// <summary>A layer of a network whose output is activation maps, or tokens that are places of the image. All can be explained but those of 1 x 1.</summary>
/// <param name="Name">The name to ask for it by: in an ONNX network the name of the value, in a TorchSharp module the path of the module.</param>
/// <param name="Operator">What computes it, for example <c>Relu</c> or <c>Concat</c>.</param>
/// <param name="Channels">How many activation maps it has.</param>
/// <param name="Height">Rows of one map at the network's input size.</param>
/// <param name="Width">Columns of one map at the network's input size.</param>
/// <param name="IsDefault">Whether it is the one taken when nobody names a layer.</param>
/// <param name="Verdict">One sentence: why it is the pick, or why it is not.</param>
public sealed record FeatureLayer(string Name, string Operator, int Channels, int Height, int Width, bool IsDefault, string Verdict)
{
    /// <summary>What <see cref="Verdict"/> says, in one word.</summary>
    public LayerVerdict Kind { get; init; } = LayerVerdict.Pick;

    /// <summary>What <see cref="Verdict"/> says without naming other layers, in at most 80 characters: fit for a table.</summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// How many tokens the layer has, where it is a sequence of tokens: <see cref="Height"/> x <see cref="Width"/> of them are places of the image and make its maps; others,
    /// such as a class token, are left out of maps and stay what they are where maps are replaced. Null where rows and columns have axes of their own.
    /// </summary>
    public int? Tokens { get; init; }

    /// <summary>Pixels of the input from one value of a map to the next; null where it is unknown or no whole number.</summary>
    public int? Stride { get; init; }

    /// <summary>
    /// Pixels of the input, along the longer axis, that one value can see through the widest path of windows. Gates and norms
    /// that read a whole map are left out, and it may exceed the input. Null where it is unknown, as behind a resized map.
    /// </summary>
    public int? ReceptiveField { get; init; }

    /// <summary>Share of the network's multiplications, 0 to 1, that computing this layer takes; null where it is unknown.</summary>
    public double? WorkBefore { get; init; }
}
