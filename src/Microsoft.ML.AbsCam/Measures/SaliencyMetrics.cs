using System.Globalization;
using System.Text;
using Microsoft.ML.AbsCam.Measures;
using Microsoft.ML.AbsCam.Measures.Consistency;

namespace Microsoft.ML.AbsCam;

/// <summary>How good the maps of a data set are, by every measure that was asked for.</summary>
public sealed class SaliencyMetrics
{
    /// <summary>Rows that could not be measured are all counted, and this many are named.</summary>
    public const int MostNamedRows = 1000;

    private const int MostPrintedRows = 10;

    internal SaliencyMetrics(IReadOnlyList<MeasureResult> measures, long rows, IReadOnlyList<UnmeasuredRow> unmeasured, long forwards)
    {
        (Measures, Rows, Unmeasured, Forwards) = (measures, rows, unmeasured, forwards);
    }

    /// <summary>One result a measure, in the order in which they were asked for.</summary>
    public IReadOnlyList<MeasureResult> Measures { get; }

    /// <summary>How many rows there were.</summary>
    public long Rows { get; }

    /// <summary>The rows that a measure could not measure, with the reason; at most <see cref="MostNamedRows"/>.</summary>
    public IReadOnlyList<UnmeasuredRow> Unmeasured { get; }

    /// <summary>Images that went through the network to measure, untouched ones included.</summary>
    public long Forwards { get; }

    /// <summary>
    /// How alike a class's maps are to one another beside those of other classes, of the rows that were measured; it costs no forwards. Null where the rows have no
    /// <see cref="SaliencyRowMetrics.Pattern"/>.
    /// </summary>
    public ClassConsistencyMetrics? ClassConsistency { get; private init; }

    /// <summary>Average Deletion AUC in [0,1], lower is better; null where it was not asked for.</summary>
    public MeasureResult? Deletion => this["deletion"];

    /// <summary>Average Insertion AUC in [0,1], higher is better; null where it was not asked for.</summary>
    public MeasureResult? Insertion => this["insertion"];

    /// <summary>Pointing Game accuracy in [0,1], mean over classes; null where it was not asked for.</summary>
    public MeasureResult? PointingGame => this["pointing"];

    /// <summary>Share of the maps' sums on the objects, in [0,1]; null where it was not asked for.</summary>
    public MeasureResult? EnergyPointingGame => this["energy-pointing"];

    /// <summary>Average Drop in [0,1], lower is better; null where it was not asked for.</summary>
    public MeasureResult? AverageDrop => this["drop"];

    /// <summary>Average Increase in [0,1], higher is better; null where it was not asked for.</summary>
    public MeasureResult? AverageIncrease => this["increase"];

    /// <summary>Average Gain in [0,1], higher is better; null where it was not asked for.</summary>
    public MeasureResult? AverageGain => this["gain"];

    /// <summary>ADCC in [0,1], higher is better; null where it was not asked for.</summary>
    public MeasureResult? Adcc => this["adcc"];

    /// <summary>The result of the measure with that name, the first of several; null where there is none.</summary>
    public MeasureResult? this[string measure] => Measures.FirstOrDefault(result => result.Measure.Name == measure);

    /// <summary>Sums up rows that <see cref="SaliencyCatalog.EvaluateRows(IDataView, AbsCamTransformer, SaliencyEvaluationOptions?)"/> gave, perhaps of several runs.</summary>
    /// <param name="measures">The measures, in the order of the rows' values.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">What the bootstrap draws from.</param>
    /// <exception cref="ArgumentException">A row has another number of values than there are measures.</exception>
    public static SaliencyMetrics Of(IReadOnlyList<SaliencyMeasure> measures, IEnumerable<SaliencyRowMetrics> rows, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(measures);
        ArgumentNullException.ThrowIfNull(rows);
        MeasureSum[] sums = [.. measures.Select(measure => new MeasureSum(measure))];
        var unmeasured = new List<UnmeasuredRow>();
        var patterns = new ConsistencySum();
        long count = 0;
        long forwards = 0;
        foreach (SaliencyRowMetrics row in rows)
        {
            if (row.Values.Count != sums.Length)
            {
                throw new ArgumentException($"Row {row.Row} has {row.Values.Count} values, and there are {sums.Length} measures.", nameof(rows));
            }

            for (int i = 0; i < sums.Length; i++)
            {
                sums[i].Add(row, i);
            }

            if (row.Pattern is { } pattern)
            {
                patterns.Add(row.Target, pattern);
            }

            unmeasured.AddRange(Reasons(row, measures).Take(MostNamedRows - unmeasured.Count));
            count++;
            forwards += row.Forwards;
        }

        return new SaliencyMetrics([.. sums.Select(sum => sum.Result(seed))], count, unmeasured, forwards)
        {
            ClassConsistency = patterns.IsEmpty ? null : ClassConsistencyMetrics.Of(patterns, count, [], seed),
        };
    }

    /// <summary>The table as text: a line a measure, with its interval, its count and its protocol; then the first rows that were not measured.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"measure",-20} {"mean",8} {"95 % interval",19} {"rows",7}  {"better",-7} protocol");
        foreach (MeasureResult result in Measures)
        {
            string numbers = result.Count == 0
                ? $"{"-",8} {"-",19}"
                : string.Create(CultureInfo.InvariantCulture, $"{result.Mean,8:0.0000} {Bootstrap.Text(result.Lower, result.Upper),19}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{result.Measure.Name,-20} {numbers} {result.Count,7}  {(!result.Measure.IsJudging ? "-" : result.Measure.IsHigherBetter ? "higher" : "lower"),-7} {result.Measure.Protocol}");
        }

        foreach (UnmeasuredRow row in Unmeasured.Take(MostPrintedRows))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"row {row.Row} not measured{(row.Measure is null ? "" : $" by {row.Measure}")}: {row.Reason}.");
        }

        if (Unmeasured.Count > MostPrintedRows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{nameof(Unmeasured)} names more of them.");
        }

        return text.ToString();
    }

    /// <summary>A row that nothing could measure is named once.</summary>
    private static IEnumerable<UnmeasuredRow> Reasons(SaliencyRowMetrics row, IReadOnlyList<SaliencyMeasure> measures)
        => row.Values.Count > 1 && row.Values.All(value => value.Reason is { } reason && reason == row.Values[0].Reason)
            ? [new UnmeasuredRow(row.Row, null, row.Values[0].Reason!)]
            : row.Values.Select((value, i) => (value, i)).Where(pair => !pair.value.IsMeasured).Select(pair => new UnmeasuredRow(row.Row, measures[pair.i].Name, pair.value.Reason!));
}
