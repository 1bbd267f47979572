namespace Microsoft.ML.AbsCam;

internal sealed record PredictedTarget : SaliencyTarget
{
    public override string ToString() => "the predicted class";
}

internal sealed record TopTarget(int Count) : SaliencyTarget
{
    public override string ToString() => $"the {Count} highest classes";
}

internal sealed record ClassTarget(int Index) : SaliencyTarget
{
    public override string ToString() => $"class {Index}";
}

internal sealed record NamedClassTarget(string Name) : SaliencyTarget
{
    public override string ToString() => $"class '{Name}'";
}

internal sealed record ColumnTarget(string Name) : SaliencyTarget
{
    public override string ToString() => $"the class in column '{Name}'";
}
