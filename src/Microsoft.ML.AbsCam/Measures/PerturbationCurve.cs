namespace Microsoft.ML.AbsCam;

/// <summary>The mean of rows' curves, to be plotted.</summary>
/// <param name="Shares">The share of pixels or steps that are done, from 0 to at most 1.</param>
/// <param name="Probabilities">The mean probability of the class after that share; of ROAD, the share of rows whose class is still the highest.</param>
public sealed record PerturbationCurve(IReadOnlyList<double> Shares, IReadOnlyList<double> Probabilities)
{
    /// <summary>What the shares are shares of, for an axis.</summary>
    public string ShareTitle { get; init; } = "share of steps";

    /// <summary>What the probabilities are, for an axis.</summary>
    public string ProbabilityTitle { get; init; } = "probability of the class, mean";
}
