namespace Microsoft.ML.AbsCam;

/// <summary>How alike a row's maps of the trained and of the randomised network are.</summary>
/// <param name="Row">The row's position in the data, from 0.</param>
/// <param name="Target">The explained class, an index; -1 where there is none.</param>
/// <param name="Stages">One likeness a stage, in the order of stages.</param>
/// <param name="Forwards">Images that went through a network for this row.</param>
public sealed record SanityCheckRowMetrics(long Row, int Target, IReadOnlyList<StageLikeness> Stages, int Forwards);

/// <summary>How alike two maps are.</summary>
/// <param name="Stage">What the second map's network is.</param>
/// <param name="RankCorrelation">Spearman's rank correlation, in [-1,1].</param>
/// <param name="StructuralSimilarity">SSIM, in [-1,1].</param>
public sealed record StageLikeness(SanityStage Stage, MeasureValue RankCorrelation, MeasureValue StructuralSimilarity)
{
    internal static StageLikeness Not(SanityStage stage, string reason) => new(stage, MeasureValue.Not(reason), MeasureValue.Not(reason));
}
