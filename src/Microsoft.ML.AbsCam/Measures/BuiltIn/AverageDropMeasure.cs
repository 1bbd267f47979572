using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class AverageDropMeasure() : SaliencyMeasure("drop", "max(0, Y - O) / Y", isHigherBetter: false)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [AdccTerms.Masked];

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => AdccTerms.Drop(row);
}
