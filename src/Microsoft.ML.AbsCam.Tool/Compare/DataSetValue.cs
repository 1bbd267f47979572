namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>A number of the table that is not a mean over photos' own maps; as the journal keeps it.</summary>
/// <param name="Name">The measure.</param>
/// <param name="Protocol">How the number comes about.</param>
/// <param name="IsHigherBetter">Whether a higher number speaks for the method.</param>
/// <param name="Mean">The mean; null where nothing was measured.</param>
/// <param name="Lower">The lower end of its 95 % interval.</param>
/// <param name="Upper">The upper end of it.</param>
/// <param name="Count">How many values are in the mean.</param>
/// <param name="Unmeasured">How many could not be measured.</param>
internal sealed record DataSetValue(string Name, string Protocol, bool IsHigherBetter, double? Mean, double? Lower, double? Upper, int Count, int Unmeasured)
{
    public TableCell ToCell() => new(Name, Protocol, IsHigherBetter, Mean ?? double.NaN, Lower ?? double.NaN, Upper ?? double.NaN, Count, Unmeasured);

    public static DataSetValue Of(string name, string protocol, bool isHigherBetter, MeasuredMean mean)
        => new(name, protocol, isHigherBetter, Finite(mean.Mean), Finite(mean.Lower), Finite(mean.Upper), mean.Count, mean.Unmeasured);

    // JSON has no word for the others.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>The line of a journal with such numbers.</summary>
/// <param name="Kind">What was run, with its options.</param>
/// <param name="Source">The method.</param>
/// <param name="Stamp">The photos that it ran on.</param>
/// <param name="Results">The numbers.</param>
internal sealed record DataSetEntry(string Kind, string Source, string Stamp, DataSetValue[] Results);
