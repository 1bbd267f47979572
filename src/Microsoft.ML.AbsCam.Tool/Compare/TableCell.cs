namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>A number of the table, whatever it measures.</summary>
internal sealed record TableCell(string Name, string Protocol, bool IsHigherBetter, double Mean, double Lower, double Upper, int Count, int Unmeasured)
{
    public static TableCell Of(MeasureResult result)
        => new(result.Measure.Name, result.Measure.Protocol, result.Measure.IsHigherBetter, result.Mean, result.Lower, result.Upper, result.Count, result.Unmeasured);
}
