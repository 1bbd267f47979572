namespace Microsoft.ML.AbsCam.Measures;

/// <summary>What the maps of a row's altered images came to, beside the row's own.</summary>
/// <param name="Values">A number an image.</param>
/// <param name="Trouble">Why there is no map of one of them; null where there is one of each.</param>
/// <param name="Forwards">Images that went through the network for them.</param>
internal sealed record MapLikenesses(double[] Values, string? Trouble, int Forwards)
{
    public MeasureValue Only(Func<double, double> of) => Trouble is null ? of(Values[0]) : MeasureValue.Not(Trouble);

    public MeasureValue Greatest() => Trouble is null ? Values.Max() : MeasureValue.Not(Trouble);
}
