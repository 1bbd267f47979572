namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>The numbers by class: of every measure, and of the classes' maps beside those of other classes where that is asked for.</summary>
internal static class ClassTable
{
    private const string HeatOnObject = "energy-pointing";

    /// <returns>A line a class, method and measure; intervals where there are some.</returns>
    public static IEnumerable<ClassLine> Lines(Comparison comparison)
    {
        foreach (ComparisonLine line in comparison.Lines)
        {
            foreach (MeasureResult result in line.Metrics.Measures)
            {
                foreach (ClassMeasureResult one in result.Classes)
                {
                    yield return new ClassLine(one.Target, line.Name, result.Measure.Name, one.Mean, one.Lower, one.Upper, one.Count);
                }
            }

            foreach (ClassConsistencyResult one in line.AsksConsistency ? line.Metrics.ClassConsistency?.Classes ?? [] : [])
            {
                yield return new ClassLine(one.Target, line.Name, $"{MapConsistency.Name}-within", one.Within, double.NaN, double.NaN, one.Rows);
                yield return new ClassLine(one.Target, line.Name, $"{MapConsistency.Name}-between", one.Between, double.NaN, double.NaN, one.Rows);
                yield return new ClassLine(one.Target, line.Name, MapConsistency.Name, one.Consistency, one.Lower, one.Upper, one.Rows);
            }
        }
    }

    /// <summary>What the page shows of it: the tables of what is asked of classes, with as many of these as it shows photos' lines.</summary>
    public static IEnumerable<(string Measure, string Title, ClassLine[] Lines)> Shown(Comparison comparison)
    {
        ILookup<string, ClassLine> all = Lines(comparison).ToLookup(line => line.Measure);
        foreach ((string measure, string title) in new[] { (HeatOnObject, "Share of the heat on the object"), (MapConsistency.Name, "Consistency of the class's maps") })
        {
            if (all[measure].Any())
            {
                yield return (measure, title, [.. all[measure]]);
            }
        }
    }
}

/// <summary>A number of one class under one method.</summary>
/// <param name="Target">The class.</param>
/// <param name="Method">What made the maps.</param>
/// <param name="Measure">The measure's name.</param>
/// <param name="Mean">The mean over the class's rows.</param>
/// <param name="Lower">The lower end of its interval; NaN for none.</param>
/// <param name="Upper">The upper end of it.</param>
/// <param name="Count">How many rows.</param>
internal sealed record ClassLine(int Target, string Method, string Measure, double Mean, double Lower, double Upper, int Count);
