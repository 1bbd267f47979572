namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What a network's scores are, and how that was found.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Finding">One sentence for the log; null where there is nothing to say.</param>
/// <param name="Total">What a row of <see cref="ScoreKind.Probabilities"/> adds up to, and what <see cref="ScoreKind.OwnProbabilities"/> reach: 1, or 100 for percent.</param>
internal sealed record ScoreEvidence(ScoreKind Kind, string? Finding = null, double Total = 1)
{
    /// <summary>Whether one of the classes stands for nothing being there, or seems to, as boxes' scores tell. Only names tell which.</summary>
    public bool HasNothing { get; init; }

    /// <summary>Real numbers, as a classifier gives them, and nothing to say of them.</summary>
    public static ScoreEvidence Untold { get; } = new(ScoreKind.Logits);
}
