using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Measures;

namespace Microsoft.ML.AbsCam;

/// <summary>A mean with its count and its 95 % bootstrap interval.</summary>
/// <param name="Mean">The mean of what was measured; NaN where nothing was.</param>
/// <param name="Lower">The lower end of the interval; NaN of fewer than five values.</param>
/// <param name="Upper">The upper end of it.</param>
/// <param name="Count">How many values are in the mean.</param>
/// <param name="Unmeasured">How many could not be measured. They are in no mean.</param>
public sealed record MeasuredMean(double Mean, double Lower, double Upper, int Count, int Unmeasured)
{
    internal const string Heading = "    mean       95 % interval   count";

    internal static MeasuredMean Of(IEnumerable<MeasureValue> values, int seed)
    {
        List<double> measured = [];
        int unmeasured = 0;
        foreach (MeasureValue value in values)
        {
            if (value.IsMeasured)
            {
                measured.Add(value.Value);
            }
            else
            {
                unmeasured++;
            }
        }

        if (measured.Count == 0)
        {
            return new MeasuredMean(double.NaN, double.NaN, double.NaN, 0, unmeasured);
        }

        (double lower, double upper) = Bootstrap.Interval(CollectionsMarshal.AsSpan(measured), new int[measured.Count], (drawn, _) => Average(drawn), seed);
        return new MeasuredMean(measured.Average(), lower, upper, measured.Count, unmeasured);
    }

    /// <summary>For example: 0.8012 (0.7711 to 0.8300), 48 measured.</summary>
    public override string ToString() => Count == 0
        ? "not measured"
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:0.0000}{Bootstrap.Bracketed(Lower, Upper)}, {Count} measured");

    /// <summary>The numbers in the columns of <see cref="Heading"/>.</summary>
    internal string Columns() => Count == 0
        ? $"{"-",8} {"-",19} {0,7}"
        : string.Create(CultureInfo.InvariantCulture, $"{Mean,8:0.0000} {Bootstrap.Text(Lower, Upper),19} {Count,7}");

    private static double Average(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
