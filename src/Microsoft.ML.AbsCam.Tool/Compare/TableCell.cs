using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>A number of the table.</summary>
/// <param name="Name">What it measures.</param>
/// <param name="Protocol">How.</param>
/// <param name="IsHigherBetter">Whether a higher number speaks for the method.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Lower">The lower end of its 95 % interval.</param>
/// <param name="Upper">The upper end of it.</param>
/// <param name="Count">How many values are in the mean.</param>
/// <param name="Unmeasured">How many could not be measured.</param>
/// <param name="SaysLittle">Why it ranks no method; null where it does.</param>
internal sealed record TableCell(string Name, string Protocol, bool IsHigherBetter, double Mean, double Lower, double Upper, int Count, int Unmeasured, string? SaysLittle = null)
{
    /// <param name="result">What was measured.</param>
    /// <param name="kind">What the maps explain.</param>
    /// <param name="task">What the network is for.</param>
    public static TableCell Of(MeasureResult result, TargetKind kind, NetworkTask task)
        => new(result.Measure.Name, result.Measure.Protocol, result.Measure.IsHigherBetter, result.Mean, result.Lower, result.Upper, result.Count, result.Unmeasured, LittleMeaning.Of(result.Measure.Name, kind, task) ?? (result.Measure.IsJudging ? null : "it tells what maps are like, and neither end is better"));
}
