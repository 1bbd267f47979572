namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>The value that holds one score a class, before any softmax or sigmoid at the end.</summary>
/// <param name="Slot">Where the scores are.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="Evidence">What they are.</param>
/// <param name="Output">The output, or what an output ranks or packs, that they belong to.</param>
internal sealed record ScoreOutput(int Slot, int Classes, ScoreEvidence Evidence, string Output)
{
    /// <summary>How the output lies: a vector of scores, unless something else is said.</summary>
    public OutputLayout Layout { get; init; } = new OutputLayout.ScoreVector(Classes);

    /// <summary>How many numbers an image has in all.</summary>
    public int Numbers => Layout.Numbers;

    /// <summary>Whether the output is one vector.</summary>
    public bool IsVector => Layout is OutputLayout.ScoreVector;

    /// <summary>Whether the network itself makes probabilities of them.</summary>
    public bool BecomeProbabilities => Evidence.Kind is not (ScoreKind.Logits or ScoreKind.Unclear);

    /// <summary>The values that hold these scores too, before or behind a softmax or sigmoid, by name.</summary>
    public IReadOnlyList<string> Same { get; init; } = [];

    /// <summary>The names of all outputs of the file.</summary>
    public IReadOnlyList<string> IsOneOf { get; init; } = [];
}
