using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class AverageGainMeasure() : SaliencyMeasure("gain", "max(0, O - Y) / (1 - Y)", isHigherBetter: true)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [AdccTerms.Masked];

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => row.Probability < 1
        ? Math.Max(0, (double)row.Scores(AdccTerms.Masked)[0] - row.Probability) / (1 - (double)row.Probability)
        : MeasureValue.Not("the class's probability is 1, which cannot gain");
}
