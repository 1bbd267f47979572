namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>Wilcoxon's rank-sum test (Mann and Whitney), one-sided, by the normal distribution with the variance of tied ranks.</summary>
internal static class RankSum
{
    /// <returns>The probability of ranks of the sample as low, if both came from one distribution; 1 where there is nothing to compare.</returns>
    public static double Less(IReadOnlyList<double> sample, IReadOnlyList<double> others)
    {
        int all = sample.Count + others.Count;
        if (sample.Count == 0 || others.Count == 0)
        {
            return 1;
        }

        (double Value, bool IsOfSample)[] sorted = [.. sample.Select(value => (value, true)).Concat(others.Select(value => (value, false))).OrderBy(pair => pair.Item1)];
        double sum = 0;
        double ties = 0;
        for (int first = 0; first < all;)
        {
            int next = first + 1;
            while (next < all && sorted[next].Value == sorted[first].Value)
            {
                next++;
            }

            double count = next - first;
            ties += (count * count * count) - count;
            sum += sorted[first..next].Count(pair => pair.IsOfSample) * (first + next + 1) / 2.0;
            first = next;
        }

        double variance = sample.Count * (double)others.Count / 12 * (all + 1 - (ties / (all * (all - 1.0))));
        return variance <= 0 ? 1 : Power.Cumulative((sum + 0.5 - (sample.Count * (all + 1.0) / 2)) / Math.Sqrt(variance));
    }
}
