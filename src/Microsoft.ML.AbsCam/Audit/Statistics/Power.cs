namespace Microsoft.ML.AbsCam.Audit.Statistics;

/// <summary>What a test of so many pictures would have found four times out of five.</summary>
internal static class Power
{
    /// <summary>The share of all samples in which something is to be found, by custom.</summary>
    public const double Usual = 0.8;

    private const double UsualQuantile = 0.8416;

    // Wilcoxon's test needs pi/3 times the pictures of one by means where differences are normal.
    private const double RankEfficiency = 0.9549;

    /// <summary>The least mean difference that a signed-rank test finds.</summary>
    /// <param name="differences">Paired differences, which tell how much they vary.</param>
    /// <param name="level">The probability of a false alarm, after correction for the number of tests.</param>
    public static double LeastDifference(IReadOnlyList<double> differences, double level)
    {
        double mean = differences.Average();
        double deviation = Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / Math.Max(differences.Count - 1, 1));
        return (Quantile(1 - level) + UsualQuantile) * deviation / Math.Sqrt(differences.Count * RankEfficiency);
    }

    /// <summary>The least share of a class's rows whose heat has to be at a place for the place to be found.</summary>
    /// <param name="rows">Rows of the class.</param>
    /// <param name="usual">The share of all rows whose heat is there by itself.</param>
    /// <param name="critical">How many deviations above its expectation the count has to be.</param>
    public static double LeastShare(int rows, double usual, double critical)
    {
        double needed = (rows * usual) + (critical * Math.Sqrt(rows * usual * (1 - usual)));
        for (double share = 0; share < 1; share += 0.005)
        {
            double rate = usual + ((1 - usual) * share);
            if ((rows * rate) - (UsualQuantile * Math.Sqrt(rows * rate * (1 - rate))) >= needed)
            {
                return share;
            }
        }

        return 1;
    }

    /// <summary>Quantile of the normal distribution, by halving.</summary>
    public static double Quantile(double probability)
    {
        double low = -10;
        double high = 10;
        while (high - low > 1e-9)
        {
            double middle = (low + high) / 2;
            (low, high) = Cumulative(middle) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>The normal distribution function, to 1e-7 (Abramowitz and Stegun 26.2.17).</summary>
    public static double Cumulative(double x)
    {
        double t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x >= 0 ? 1 - tail : tail;
    }
}
