using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class AdccMeasure() : SaliencyMeasure("adcc", "harmonic mean of coherency, 1 - complexity and 1 - drop", isHigherBetter: true)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [AdccTerms.Masked];

    internal override IReadOnlyList<MapProbe> MapProbes { get; } = [AdccTerms.MaskedMap];

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row)
    {
        MeasureValue coherency = AdccTerms.Coherency(row);
        MeasureValue drop = AdccTerms.Drop(row);
        if (!coherency.IsMeasured || !drop.IsMeasured)
        {
            return coherency.IsMeasured ? drop : coherency;
        }

        double[] terms = [coherency.Value, 1 - AdccTerms.Complexity(row), 1 - drop.Value];
        return Array.Exists(terms, term => term <= 0) ? 0 : terms.Length / terms.Sum(term => 1 / term);
    }
}
