namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>Holm's step-down correction (1979): what is below the level after it is wrong anywhere among all tests with at most that probability, whatever their dependence.</summary>
internal static class Holm
{
    /// <returns>The corrected values, in the order of the given ones.</returns>
    public static double[] Adjust(IReadOnlyList<double> values)
    {
        double[] adjusted = new double[values.Count];
        double least = 0;
        foreach ((int place, int i) in Enumerable.Range(0, values.Count).OrderBy(i => values[i]).Index())
        {
            least = Math.Max(least, Math.Min(1, (values.Count - place) * values[i]));
            adjusted[i] = least;
        }

        return adjusted;
    }
}
