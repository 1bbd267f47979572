using System.Globalization;
using Microsoft.ML.AbsCam.Measures.Pointing;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class PointingGameMeasure(double tolerance)
    : SaliencyMeasure("pointing", string.Create(CultureInfo.InvariantCulture, $"less than {tolerance:0.##} pixels off the object, mean over classes"), isHigherBetter: true)
{
    internal override bool NeedsObject => true;

    internal override MeasureValue Judge(RowEvidence row)
    {
        (int x, int y) = row.OnPhoto.Highest();
        ObjectRegion region = row.Object!;
        return region.Contains(x, y) || region.IsNear(x, y, tolerance) ? 1 : 0;
    }

    /// <summary>Hits of a class over its rows, then the mean over classes: a class with many rows counts no more than one with few.</summary>
    internal override double Summarise(ReadOnlySpan<double> values, ReadOnlySpan<int> classes)
    {
        var shares = new Dictionary<int, (double Hits, int Rows)>();
        for (int i = 0; i < values.Length; i++)
        {
            (double hits, int rows) = shares.GetValueOrDefault(classes[i]);
            shares[classes[i]] = (hits + values[i], rows + 1);
        }

        return shares.Values.Average(share => share.Hits / share.Rows);
    }
}
