namespace Microsoft.ML.AbsCam;

/// <summary>How alike the maps of a data set are to those of a network that is drawn anew so far.</summary>
/// <param name="Stage">How far.</param>
/// <param name="RankCorrelation">The mean of Spearman's rank correlation.</param>
/// <param name="StructuralSimilarity">The mean SSIM.</param>
public sealed record SanityStageResult(SanityStage Stage, MeasuredMean RankCorrelation, MeasuredMean StructuralSimilarity);
