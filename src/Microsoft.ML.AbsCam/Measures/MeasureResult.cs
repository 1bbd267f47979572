using System.Globalization;
using Microsoft.ML.AbsCam.Measures;

namespace Microsoft.ML.AbsCam;

/// <summary>A measure over a data set.</summary>
/// <param name="Measure">What was measured, and by which protocol.</param>
/// <param name="Mean">The mean over measured rows (for the Pointing Game: over classes); NaN where no row was measured.</param>
/// <param name="Lower">The lower end of the 95 % bootstrap interval of the mean; NaN where fewer than five rows were measured.</param>
/// <param name="Upper">The upper end of it.</param>
/// <param name="Count">How many rows were measured.</param>
/// <param name="Unmeasured">How many rows were not. They are in no mean.</param>
/// <param name="Curve">The mean curve, for Deletion and Insertion; else null.</param>
public sealed record MeasureResult(SaliencyMeasure Measure, double Mean, double Lower, double Upper, int Count, int Unmeasured, PerturbationCurve? Curve)
{
    /// <summary>The same of each class that was measured, by its index.</summary>
    public IReadOnlyList<ClassMeasureResult> Classes { get; init; } = [];

    /// <summary>For example: deletion 0.1048 (0.0982 to 0.1117), 100 rows.</summary>
    public override string ToString() => Count == 0
        ? $"{Measure.Name} not measured"
        : string.Create(CultureInfo.InvariantCulture, $"{Measure.Name} {Mean:0.0000}{Bootstrap.Bracketed(Lower, Upper)}, {Count} rows");
}
