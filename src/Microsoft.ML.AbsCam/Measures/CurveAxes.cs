namespace Microsoft.ML.AbsCam.Measures;

/// <summary>What a measure's curve is drawn over.</summary>
/// <param name="Shares">Where its points lie, 0 to 1; null for evenly from 0 to 1.</param>
/// <param name="Across">What runs from left to right.</param>
/// <param name="Up">What runs upwards.</param>
internal sealed record CurveAxes(IReadOnlyList<double>? Shares, string Across, string Up);
