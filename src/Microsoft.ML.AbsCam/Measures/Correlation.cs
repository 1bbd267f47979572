namespace Microsoft.ML.AbsCam.Measures;

internal static class Correlation
{
    /// <summary>Pearson's correlation, in double precision; NaN where one of the two is constant.</summary>
    public static double Pearson(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        (double meanA, double meanB) = (Mean(a), Mean(b));
        double products = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (double x, double y) = (a[i] - meanA, b[i] - meanB);
            products += x * y;
            squaresA += x * x;
            squaresB += y * y;
        }

        return products / Math.Sqrt(squaresA * squaresB);
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
