namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>Pearson's correlation of the row's map with that of the masked image.</summary>
internal sealed record MaskedMapProbe : MapProbe
{
    private static readonly MaskedProbe Masked = new();

    public override string Images => "the masked image";

    public override int Count(int pixels) => Masked.Count(pixels);

    public override ProbeImages Of(RowImage row) => Masked.Of(row);

    public override double Compare(RowImage row, float[] map) => Correlation.Pearson(row.Map, map);
}
