namespace Microsoft.ML.AbsCam.Measures.Ready;

internal sealed class Coherency() : SaliencyMeasure("coherency", "(Pearson(map(x), map(x * map)) + 1) / 2", isHigherBetter: true)
{
    internal override bool NeedsSecondMap => true;

    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => AdccTerms.Coherency(row);
}
