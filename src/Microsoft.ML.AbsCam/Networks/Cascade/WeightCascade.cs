namespace Microsoft.ML.AbsCam.Networks.Cascade;

/// <summary>A network whose layers can be drawn anew from the scores down (cascading randomisation, Adebayo et al., NeurIPS 2018).</summary>
/// <remarks>
/// Weights and biases are drawn from a normal distribution of mean 0 and each tensor's own trained standard deviation. Norms begin
/// anew with scale 1 and bias 0, together with the layer before them; their running means and variances, which are measured and not
/// learnt, stay. What is shared by layers is drawn with the uppermost of them. The same seed gives the same numbers, however
/// many layers are drawn.
/// </remarks>
internal abstract class WeightCascade
{
    /// <summary>The layers with weights, from the scores down.</summary>
    public abstract IReadOnlyList<string> Layers { get; }

    /// <summary>The network with its uppermost layers drawn anew; dispose it before the next.</summary>
    /// <param name="layers">How many, from 0 to all of <see cref="Layers"/>.</param>
    /// <param name="seed">What is drawn from.</param>
    public abstract RandomisedNetwork Randomise(int layers, int seed);
}
