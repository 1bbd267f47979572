namespace Microsoft.ML.AbsCam;

/// <summary>How alike the maps of one class are.</summary>
/// <param name="Target">The class, an index.</param>
/// <param name="Rows">How many of its rows have a map.</param>
/// <param name="Within">The mean correlation of two maps of the class, -1 to 1; NaN for a single row.</param>
/// <param name="Between">The mean correlation of a map of the class and one of another class, -1 to 1; NaN where there is no other class.</param>
public sealed record ClassConsistencyResult(int Target, int Rows, double Within, double Between)
{
    /// <summary>The lower end of the 95 % bootstrap interval of <see cref="Consistency"/> over the class's rows, those of other classes held as they are; NaN of fewer than five rows.</summary>
    public double Lower { get; init; } = double.NaN;

    /// <summary>The upper end of it.</summary>
    public double Upper { get; init; } = double.NaN;

    /// <summary>Within less between: how much more alike the class's maps are to one another than to those of other classes.</summary>
    public double Consistency => Within - Between;
}
