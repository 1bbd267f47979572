namespace Microsoft.ML.AbsCam;

/// <summary>The mean of rows' curves, to be plotted.</summary>
/// <param name="Shares">The share of steps that are done, from 0 to 1.</param>
/// <param name="Probabilities">The mean probability of the class after that share.</param>
public sealed record PerturbationCurve(IReadOnlyList<double> Shares, IReadOnlyList<double> Probabilities);
