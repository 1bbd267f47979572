namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>
/// Wilcoxon's signed-rank test of paired differences: every sign is as likely where there is no effect. Exact for up to 256 differences, and by the normal distribution
/// with the ranks' own variance above. Differences of 0 are left out.
/// </summary>
internal static class SignedRank
{
    private const int MostExact = 256;

    /// <returns>The probability of ranks that lie as far to one side, if the differences lie around 0.</returns>
    public static double TwoSided(IReadOnlyList<double> differences) => Math.Min(1, 2 * Math.Min(Greater(differences), Greater(differences.Select(value => -value))));

    /// <returns>The probability of a sum of positive ranks at least as large, if the differences lie around 0.</returns>
    public static double Greater(IEnumerable<double> differences)
    {
        double[] sorted = [.. differences.Where(value => value != 0).OrderBy(Math.Abs)];

        // Ranks count double, so that those of ties, which are means, are whole.
        int[] ranks = new int[sorted.Length];
        for (int first = 0; first < sorted.Length;)
        {
            int next = first + 1;
            while (next < sorted.Length && Math.Abs(sorted[next]) == Math.Abs(sorted[first]))
            {
                next++;
            }

            ranks.AsSpan(first, next - first).Fill(first + next + 1);
            first = next;
        }

        double observed = ranks.Where((_, i) => sorted[i] > 0).Sum(rank => (double)rank);
        if (sorted.Length > MostExact)
        {
            double deviation = Math.Sqrt(ranks.Sum(rank => (double)rank * rank)) / 2;
            return 1 - Power.Cumulative((observed - 1 - (ranks.Sum(rank => (double)rank) / 2)) / deviation);
        }

        double[] shares = new double[ranks.Sum() + 1];
        shares[0] = 1;
        int reached = 0;
        foreach (int rank in ranks)
        {
            reached += rank;
            for (int sum = reached; sum >= 0; sum--)
            {
                shares[sum] = 0.5 * (shares[sum] + (sum >= rank ? shares[sum - rank] : 0));
            }
        }

        return Math.Min(1, shares.Skip((int)observed).Sum());
    }
}
