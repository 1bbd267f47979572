namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>The exact sign test, which of pairs with two answers is McNemar's: of those that changed, each goes either way as likely where there is no effect.</summary>
internal static class SignTest
{
    /// <param name="one">How many went one way.</param>
    /// <param name="other">How many went the other way.</param>
    /// <returns>The probability of a split at least as uneven.</returns>
    public static double TwoSided(int one, int other)
    {
        int count = one + other;
        double log = -count * Math.Log(2);
        double tail = 0;
        for (int k = 0; k <= Math.Min(one, other); k++)
        {
            tail += Math.Exp(log);
            log += Math.Log((count - k) / (k + 1.0));
        }

        return Math.Min(1, 2 * tail);
    }
}
