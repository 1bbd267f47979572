namespace Microsoft.ML.AbsCam.Measures.Ready;

internal sealed class Complexity() : SaliencyMeasure("complexity", "mean of the map", isHigherBetter: false)
{
    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => AdccTerms.Complexity(row);
}
