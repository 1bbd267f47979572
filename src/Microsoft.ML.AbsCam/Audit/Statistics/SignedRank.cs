namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>Wilcoxon's signed-rank test of paired differences, one-sided and exact: every sign is as likely where there is no effect. Differences of 0 are left out.</summary>
internal static class SignedRank
{
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

        int observed = ranks.Where((_, i) => sorted[i] > 0).Sum();
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

        return Math.Min(1, shares.Skip(observed).Sum());
    }
}
