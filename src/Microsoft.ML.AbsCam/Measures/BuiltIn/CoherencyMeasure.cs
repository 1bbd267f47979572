using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class CoherencyMeasure() : SaliencyMeasure("coherency", "(Pearson(map(x), map(x * map)) + 1) / 2", isHigherBetter: true)
{
    internal override IReadOnlyList<MapProbe> MapProbes { get; } = [AdccTerms.MaskedMap];

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => AdccTerms.Coherency(row);
}
