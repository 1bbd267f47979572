using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.Ready;

internal sealed class AverageDrop() : SaliencyMeasure("drop", "max(0, Y - O) / Y", isHigherBetter: false)
{
    internal override IReadOnlyList<Probe> Probes { get; } = [AdccTerms.Masked];

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => AdccTerms.Drop(row);
}
