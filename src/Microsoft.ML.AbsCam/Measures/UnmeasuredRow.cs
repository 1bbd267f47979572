namespace Microsoft.ML.AbsCam;

/// <summary>A row that a measure could not measure.</summary>
/// <param name="Row">The row's position in the data, from 0.</param>
/// <param name="Measure">The measure's name; null where it is all of them.</param>
/// <param name="Reason">Why.</param>
public sealed record UnmeasuredRow(long Row, string? Measure, string Reason);
