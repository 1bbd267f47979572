namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The network run again on something else, as nodes of a model file.</summary>
internal interface IRunsAgain
{
    /// <summary>What the network says of the images times norm(up(map)), one map of each row after the other.</summary>
    /// <param name="maps">The maps [B,K,h,w].</param>
    /// <param name="isRun">Which of them count [B,K]; the others are not run, and score 0.</param>
    /// <param name="byLogit">Whether the absolute logit of the target is wanted, and not its probability.</param>
    MaskedNodes Masked(string maps, string isRun, bool byLogit);

    /// <summary>The target's logit y [B,1], and y_k of each map k of the layer set to zero [B,C]: exactly y where it is not run.</summary>
    /// <param name="isRun">Which of the maps are [B,C].</param>
    (string Score, string Ablated) WithoutMaps(string isRun);
}

/// <summary>What came of masked images, as values of a model file.</summary>
/// <param name="Scores">The target's probability, or its absolute logit [B,K]; 0 where a mask was not run.</param>
/// <param name="Minimum">The minimum of the mask before it was normalised [B,K].</param>
/// <param name="Divisor">What it was divided by, its range + 1e-8 [B,K]; 1 where it was not run.</param>
internal readonly record struct MaskedNodes(string Scores, string Minimum, string Divisor);
