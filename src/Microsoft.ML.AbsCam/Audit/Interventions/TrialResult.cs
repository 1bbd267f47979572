using Microsoft.ML.AbsCam.Audit.Statistics;
using Microsoft.ML.AbsCam.Measures;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>What an intervention did to some pictures, and what its controls did to the same.</summary>
/// <param name="Name">What was done, in words.</param>
/// <param name="Gain">Whether the class's probability is to rise, or to fall.</param>
/// <param name="Treated">The change of the class's probability, picture by picture; a fall counts as positive where one is looked for.</param>
/// <param name="Controls">The same by each control.</param>
/// <param name="Flips">In how many pictures the network's class became the class, or ceased to be it.</param>
internal sealed record TrialResult(string Name, bool Gain, double[] Treated, IReadOnlyList<double[]> Controls, int Flips)
{
    /// <summary>Treated beside the control that did more, picture by picture.</summary>
    public double[] Differences { get; } = [.. Treated.Select((value, i) => value - Controls.Max(control => control[i]))];

    /// <summary>The largest mean change by a control.</summary>
    public double Control => Controls.Max(control => control.Average());

    /// <summary>The mean change beyond the control's.</summary>
    public double Excess => Treated.Average() - Control;

    /// <summary>The probability of a difference as large by chance, against each control; the largest counts.</summary>
    public double PValue { get; } = Controls.Max(control => SignedRank.Greater(Treated.Zip(control, (a, b) => a - b)));

    /// <param name="corrected">The value after correction for all experiments.</param>
    /// <param name="level">The level that the least difference to be found is told for.</param>
    /// <param name="seed">What the interval is drawn from.</param>
    public AuditEffect ToEffect(double corrected, double level, int seed)
    {
        (double lower, double upper) = Bootstrap.Interval(Treated, new int[Treated.Length], (values, _) => System.Numerics.Tensors.TensorPrimitives.Sum(values) / values.Length, seed);
        int sign = Gain ? 1 : -1;
        return new AuditEffect(
            Name, Treated.Length, Flips, sign * Treated.Average(), sign * (Gain ? lower : upper), sign * (Gain ? upper : lower), sign * Control, corrected, Power.LeastDifference(Differences, level));
    }
}
