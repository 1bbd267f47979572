namespace Microsoft.ML.AbsCam.Measures.Similarity;

/// <summary>Spearman's rank correlation: Pearson's correlation of ranks, where equal values share the mean of their ranks.</summary>
internal static class RankCorrelation
{
    /// <param name="ranksA">What <see cref="RanksOf"/> gives.</param>
    /// <param name="ranksB">The same of another map of that size.</param>
    /// <returns>In [-1,1]; NaN where one of the two is constant.</returns>
    public static double Of(ReadOnlySpan<float> ranksA, ReadOnlySpan<float> ranksB) => Correlation.Pearson(ranksA, ranksB);

    /// <summary>The rank of each value, from 0 in rising order; exact in float for up to eight million values.</summary>
    public static float[] RanksOf(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        int[] places = new int[values.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        Array.Sort(sorted, places);
        float[] ranks = new float[values.Length];
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first])
            {
                next++;
            }

            float shared = (first + next - 1) / 2f;
            for (int i = first; i < next; i++)
            {
                ranks[places[i]] = shared;
            }
        }

        return ranks;
    }
}
