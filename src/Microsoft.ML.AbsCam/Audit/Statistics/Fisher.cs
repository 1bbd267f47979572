namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>Fisher's exact test, one-sided: whether marked rows are drawn more often than chance would.</summary>
internal static class Fisher
{
    /// <param name="found">Marked rows among the drawn ones.</param>
    /// <param name="drawn">Drawn rows.</param>
    /// <param name="marked">Marked rows among all.</param>
    /// <param name="all">All rows.</param>
    /// <returns>The probability of at least as many marked rows among the drawn.</returns>
    public static double Greater(int found, int drawn, int marked, int all)
    {
        double[] logs = new double[all + 1];
        for (int i = 2; i <= all; i++)
        {
            logs[i] = logs[i - 1] + Math.Log(i);
        }

        double choose(int n, int k) => logs[n] - logs[k] - logs[n - k];
        double sum = 0;
        for (int k = Math.Max(found, drawn + marked - all); k <= Math.Min(drawn, marked); k++)
        {
            sum += Math.Exp(choose(marked, k) + choose(all - marked, drawn - k) - choose(all, drawn));
        }

        return Math.Min(1, sum);
    }
}
