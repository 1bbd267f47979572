using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class AverageIncreaseMeasure() : SaliencyMeasure("increase", "share of rows with O > Y", isHigherBetter: true)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [AdccTerms.Masked];

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => row.Scores(AdccTerms.Masked)[0] > row.Probability ? 1 : 0;
}
