namespace Microsoft.ML.AbsCam;

/// <summary>What the grid pointing game says of one row.</summary>
/// <param name="Row">The row's position in the data, from 0.</param>
/// <param name="Outcome">Whether the row is a tile.</param>
/// <param name="Target">The row's class, an index; -1 where it is not known.</param>
/// <param name="Probability">The class's probability on the whole image; NaN where it is not known.</param>
/// <param name="Grid">The number of the row's grid, from 0; -1 where the row is no tile.</param>
/// <param name="Tile">The number of its tile, from 0 and row by row; -1 where the row is no tile.</param>
/// <param name="Localisation">The share of its class's map, by positive values, that lies in its tile, in [0,1].</param>
/// <param name="Pointing">1 where its class's map is highest in its tile, else 0.</param>
/// <param name="Forwards">Images that went through the network for this row; those of a whole grid stand with its first tile.</param>
public sealed record GridPointingRowMetrics(
    long Row, GridRowOutcome Outcome, int Target, float Probability, int Grid, int Tile, MeasureValue Localisation, MeasureValue Pointing, int Forwards)
{
    internal static GridPointingRowMetrics WithoutTile(long row, GridRowOutcome outcome, int target, float probability, string reason, int forwards)
        => new(row, outcome, target, probability, -1, -1, MeasureValue.Not(reason), MeasureValue.Not(reason), forwards);
}
