using Microsoft.ML.AbsCam.Measures;
using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam;

/// <summary>How good a saliency map is, as a number that names its protocol.</summary>
/// <remarks>Y is the softmax probability of the row's class on the image, O that on the image times its map (in normalised space).</remarks>
public abstract partial class SaliencyMeasure
{
    /// <summary>The Pointing Game's usual tolerance, in pixels of the photo.</summary>
    public const double UsualTolerance = 15;

    private protected SaliencyMeasure(string name, string protocol, bool isHigherBetter)
    {
        (Name, Protocol, IsHigherBetter) = (name, protocol, isHigherBetter);
    }

    /// <summary>The measure's name in commands and tables, for example <c>deletion</c>.</summary>
    public string Name { get; }

    /// <summary>How the number comes about; two numbers compare where name and protocol are the same.</summary>
    public string Protocol { get; }

    /// <summary>Whether a higher number speaks for the map.</summary>
    public bool IsHigherBetter { get; }

    /// <summary>Whether one end of the numbers is better at all; false for a measure that tells what maps are like, such as <see cref="Sparseness"/>, and ranks none.</summary>
    public virtual bool IsJudging => true;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Protocol})";

    /// <summary>The altered images whose scores are needed.</summary>
    internal virtual IReadOnlyList<PerturbationProbe> Probes => [];

    /// <summary>Whether the row must say where the object is.</summary>
    internal virtual bool NeedsObject => false;

    /// <summary>The altered images that must be explained once more.</summary>
    internal virtual IReadOnlyList<MapProbe> MapProbes => [];

    /// <summary>Whether altered images must be explained once more.</summary>
    internal bool NeedsMoreMaps => MapProbes.Count > 0;

    /// <summary>Whether it costs so much more than others that it is only taken where it is named.</summary>
    internal virtual bool IsDear => false;

    /// <summary>Whether other classes must compete with the row's.</summary>
    internal virtual bool NeedsRivals => false;

    /// <summary>Whether the number comes of probabilities of altered images.</summary>
    internal bool NeedsProbability => Probes.Count > 0;

    /// <summary>Whether the map must lie in [0,1], because the image is multiplied by it.</summary>
    internal virtual bool NeedsUnitMap => false;

    internal abstract MeasureValue Judge(RowEvidence row);

    /// <summary>The scores behind the number, for plots; null for measures without a curve.</summary>
    internal virtual float[]? CurveOf(RowEvidence row) => null;

    /// <summary>What that curve is drawn over.</summary>
    internal virtual CurveAxes Axes => new(null, IsHigherBetter ? "share of pixels put back" : "share of pixels taken away", "probability of the class, mean");

    /// <summary>From the rows' numbers to the data set's.</summary>
    internal virtual double Summarise(ReadOnlySpan<double> values, ReadOnlySpan<int> classes)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
