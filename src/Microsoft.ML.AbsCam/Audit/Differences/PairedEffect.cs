using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Audit.Statistics;
using Microsoft.ML.AbsCam.Measures;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>What changed from the first to the second, picture by picture.</summary>
/// <param name="Name">What, in words.</param>
/// <param name="Changes">Second less first.</param>
/// <param name="Flips">In how many pictures the class changed.</param>
internal sealed record PairedEffect(string Name, double[] Changes, int Flips)
{
    public double Mean { get; } = Changes.Average();

    /// <param name="corrected">The value after correction.</param>
    /// <param name="level">The level that the least difference to be found is told for.</param>
    /// <param name="seed">What the interval is drawn from.</param>
    public AuditEffect ToEffect(double corrected, double level, int seed)
    {
        (double lower, double upper) = Bootstrap.Interval(Changes, new int[Changes.Length], (values, _) => TensorPrimitives.Sum(values) / values.Length, seed);
        return new AuditEffect(Name, Changes.Length, Flips, Mean, lower, upper, double.NaN, corrected, Power.LeastDifference(Changes, level));
    }
}
