namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class EnergyPointingGameMeasure() : SaliencyMeasure("energy-pointing", "share of the map's sum that lies on the object", isHigherBetter: true)
{
    internal override bool NeedsObject => true;

    internal override MeasureValue Judge(RowEvidence row)
    {
        if (row.OnPhoto.Lowest < 0)
        {
            return MeasureValue.Not("the map has negative values, so its sum is no energy");
        }

        (double inside, double all) = row.OnPhoto.Energy(row.Object!);
        return all > 0 ? inside / all : MeasureValue.Not("the map's sum is 0");
    }
}
