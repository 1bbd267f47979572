using System.Globalization;
using System.Text;
using Microsoft.ML.AbsCam.Measures.Consistency;

namespace Microsoft.ML.AbsCam;

/// <summary>How alike the maps of a class are to one another beside the maps of other classes.</summary>
public sealed class ClassConsistencyMetrics
{
    private ClassConsistencyMetrics(IReadOnlyList<ClassConsistencyResult> classes, int seed)
    {
        Classes = classes;
        Within = MeanOf(one => one.Within, "the class has a single map", seed);
        Between = MeanOf(one => one.Between, "there is no other class", seed);
        Consistency = MeanOf(one => one.Consistency, "the class has a single map, or there is no other class", seed);
    }

    /// <summary>Each class that has a map, by its index.</summary>
    public IReadOnlyList<ClassConsistencyResult> Classes { get; }

    /// <summary>The mean over classes of within less between, -2 to 2, mostly 0 to 1; 0 where maps do not depend on the class. The interval is over classes.</summary>
    public MeasuredMean Consistency { get; }

    /// <summary>The mean over classes of how alike a class's maps are to one another, -1 to 1.</summary>
    public MeasuredMean Within { get; }

    /// <summary>The mean over classes of how alike a class's maps are to those of other classes, -1 to 1.</summary>
    public MeasuredMean Between { get; }

    /// <summary>How many rows there were.</summary>
    public long Rows { get; private init; }

    /// <summary>Rows without a class or a map, or with a flat one, with the reason; at most <see cref="SaliencyMetrics.MostNamedRows"/>.</summary>
    public IReadOnlyList<UnmeasuredRow> Unmeasured { get; private init; } = [];

    internal static ClassConsistencyMetrics Of(ConsistencySum sum, long rows, IReadOnlyList<UnmeasuredRow> unmeasured, int seed)
        => new(sum.Classes(seed), seed) { Rows = rows, Unmeasured = unmeasured };

    /// <summary>The table as text: the means, a line a class, and the rows that were not measured.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"over classes",-14}{MeasuredMean.Heading}");
        text.AppendLine($"{"consistency",-14}{Consistency.Columns()}");
        text.AppendLine($"{"within",-14}{Within.Columns()}");
        text.AppendLine($"{"between",-14}{Between.Columns()}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"class",-14}{"rows",8} {"within",8} {"between",8} {"consistency",12}  95 % interval");
        foreach (ClassConsistencyResult one in Classes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{one.Target,-14}{one.Rows,8} {Text(one.Within),8} {Text(one.Between),8} {Text(one.Consistency),12}{(double.IsNaN(one.Lower) ? "" : $"  {Text(one.Lower)} to {Text(one.Upper)}")}");
        }

        foreach (UnmeasuredRow row in Unmeasured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"row {row.Row} not measured: {row.Reason}.");
        }

        return text.ToString();
    }

    private MeasuredMean MeanOf(Func<ClassConsistencyResult, double> value, string reason, int seed)
        => MeasuredMean.Of(Classes.Select(one => double.IsNaN(value(one)) ? MeasureValue.Not(reason) : value(one)), seed);

    private static string Text(double value) => double.IsNaN(value) ? "-" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
