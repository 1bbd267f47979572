namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class ComplexityMeasure() : SaliencyMeasure("complexity", "mean of the map", isHigherBetter: false)
{
    internal override bool NeedsUnitMap => true;

    internal override MeasureValue Judge(RowEvidence row) => AdccTerms.Complexity(row);
}
