namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>What the network says of one pass of masked images.</summary>
/// <param name="Probabilities">The probabilities, one for each target of the mask's row.</param>
/// <param name="TargetsPerRow">How many there are.</param>
/// <param name="Minimum">The minimum of each mask before normalisation.</param>
/// <param name="Divisor">What each mask was divided by: its range + 1e-8.</param>
internal sealed record MaskScores(float[] Probabilities, int TargetsPerRow, float[] Minimum, float[] Divisor)
{
    public float Probability(int mask, int target) => Probabilities[(mask * TargetsPerRow) + target];
}
