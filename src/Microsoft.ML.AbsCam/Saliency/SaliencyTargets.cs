namespace Microsoft.ML.AbsCam;

internal sealed record PredictedTarget : SaliencyTarget;

internal sealed record TopTarget(int Count) : SaliencyTarget;

internal sealed record ClassTarget(int Index) : SaliencyTarget;

internal sealed record NamedClassTarget(string Name) : SaliencyTarget;

internal sealed record ColumnTarget(string Name) : SaliencyTarget;
