namespace Microsoft.ML.AbsCam;

/// <summary>What the measures say of one row.</summary>
/// <param name="Row">The row's position in the data, from 0.</param>
/// <param name="Target">The class that was measured, an index; -1 where the row was not measured.</param>
/// <param name="Probability">The class's probability on the untouched image; NaN where the row was not measured.</param>
/// <param name="Values">One value a measure, in the order in which the measures were given.</param>
/// <param name="Curves">The class's probabilities behind each value, first to last step; null for measures without a curve and for rows that were not measured.</param>
/// <param name="Forwards">Images that went through the network for this row.</param>
public sealed record SaliencyRowMetrics(
    long Row, int Target, float Probability, IReadOnlyList<MeasureValue> Values, IReadOnlyList<IReadOnlyList<float>?> Curves, int Forwards)
{
    /// <summary>
    /// Where in the picture the map lies: its means over 16 x 16 places, row by row, with mean 0 and length 1, so that the product of two is their correlation. It tells
    /// <see cref="SaliencyMetrics.ClassConsistency"/>; null for rows that were not measured.
    /// </summary>
    public IReadOnlyList<float>? Pattern { get; init; }
}
