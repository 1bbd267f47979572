using System.Globalization;
using System.Text;

namespace Microsoft.ML.AbsCam;

/// <summary>The grid pointing game (Böhle et al., CVPR 2021) over a data set: whether each class's map keeps to the class's own tile.</summary>
public sealed class GridPointingMetrics
{
    private GridPointingMetrics(int tilesPerSide, IReadOnlyList<GridPointingRowMetrics> tiles, int seed)
    {
        TilesPerSide = tilesPerSide;
        Localisation = MeasuredMean.Of(tiles.Select(tile => tile.Localisation), seed);
        Pointing = MeasuredMean.Of(tiles.Select(tile => tile.Pointing), seed);
        Grids = tiles.Select(tile => tile.Grid).Distinct().Count();
        Tiles = tiles.Count;
    }

    /// <summary>Tiles along one side of a grid, n.</summary>
    public int TilesPerSide { get; }

    /// <summary>The mean share of a map that lies in its class's tile, in [0,1]; higher is better.</summary>
    public MeasuredMean Localisation { get; }

    /// <summary>The share of maps that are highest in their class's tile, in [0,1]; higher is better.</summary>
    public MeasuredMean Pointing { get; }

    /// <summary>What a map that knows nothing of classes gets in both: 1 / n^2.</summary>
    public double Chance => 1.0 / (TilesPerSide * TilesPerSide);

    /// <summary>How many grids were explained.</summary>
    public int Grids { get; }

    /// <summary>How many rows are tiles of them.</summary>
    public int Tiles { get; }

    /// <summary>How many rows the network was too unsure of.</summary>
    public long TooUnsure { get; private init; }

    /// <summary>How many rows found no grid that filled up.</summary>
    public long LeftOver { get; private init; }

    /// <summary>How many rows had no image, no class that the network has, or scores that are not finite.</summary>
    public long Unusable { get; private init; }

    /// <summary>How many rows there were.</summary>
    public long Rows => Tiles + TooUnsure + LeftOver + Unusable;

    /// <summary>How many classes had a row that the network was sure of.</summary>
    public int Classes { get; private init; }

    /// <summary>Tiles whose map could not be measured, and unusable rows, with the reason; at most <see cref="SaliencyMetrics.MostNamedRows"/>.</summary>
    public IReadOnlyList<UnmeasuredRow> Unmeasured { get; private init; } = [];

    /// <summary>Images that went through the network.</summary>
    public long Forwards { get; private init; }

    /// <summary>Sums up rows of one or several runs with the same options.</summary>
    /// <param name="tilesPerSide">Tiles along one side of a grid.</param>
    /// <param name="rows">The rows; grids of several runs need numbers of their own.</param>
    /// <param name="seed">What the bootstrap draws from.</param>
    public static GridPointingMetrics Of(int tilesPerSide, IEnumerable<GridPointingRowMetrics> rows, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tilesPerSide, 2);
        ArgumentNullException.ThrowIfNull(rows);
        List<GridPointingRowMetrics> tiles = [];
        List<UnmeasuredRow> unmeasured = [];
        HashSet<int> classes = [];
        long[] outcomes = new long[Enum.GetValues<GridRowOutcome>().Length];
        long forwards = 0;
        foreach (GridPointingRowMetrics row in rows)
        {
            outcomes[(int)row.Outcome]++;
            forwards += row.Forwards;
            if (row.Outcome == GridRowOutcome.Tile)
            {
                tiles.Add(row);
            }

            if (row.Outcome is GridRowOutcome.Tile or GridRowOutcome.LeftOver)
            {
                classes.Add(row.Target);
            }

            if (row.Outcome is GridRowOutcome.Tile or GridRowOutcome.Unusable && row.Localisation.Reason is { } reason && unmeasured.Count < SaliencyMetrics.MostNamedRows)
            {
                unmeasured.Add(new UnmeasuredRow(row.Row, null, reason));
            }
        }

        return new GridPointingMetrics(tilesPerSide, tiles, seed)
        {
            TooUnsure = outcomes[(int)GridRowOutcome.TooUnsure],
            LeftOver = outcomes[(int)GridRowOutcome.LeftOver],
            Unusable = outcomes[(int)GridRowOutcome.Unusable],
            Classes = classes.Count,
            Unmeasured = unmeasured,
            Forwards = forwards,
        };
    }

    /// <summary>The table as text: both means with their intervals, what became of the rows, and the rows that were not measured.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"measure",-20} {MeasuredMean.Heading}  protocol");
        text.AppendLine($"{"grid-localisation",-20} {Localisation.Columns()}  share of the map's positive sum in its tile");
        text.AppendLine($"{"grid-pointing",-20} {Pointing.Columns()}  the map's maximum is in its tile");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Grids} grids of {TilesPerSide} x {TilesPerSide}, chance {Chance:0.0000}; of {Rows} rows {Tiles} are tiles, {TooUnsure} too unsure, {LeftOver} left over, {Unusable} unusable.");
        foreach (UnmeasuredRow row in Unmeasured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"row {row.Row} not measured: {row.Reason}.");
        }

        return text.ToString();
    }
}
