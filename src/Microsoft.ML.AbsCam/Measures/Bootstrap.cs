using System.Globalization;

namespace Microsoft.ML.AbsCam.Measures;

/// <summary>Percentile intervals (Efron and Tibshirani 1993, chapter 13): the statistic of rows drawn with replacement, many times.</summary>
internal static class Bootstrap
{
    public const int Resamples = 1000;

    /// <summary>Of fewer rows, the resamples are too much alike: of one row they are all that row, and nothing would look more certain.</summary>
    public const int LeastRows = 5;

    private const double Outside = 0.025;

    /// <summary>An interval in a table: a dash where there is none.</summary>
    public static string Text(double lower, double upper) => double.IsNaN(lower) ? "-" : string.Create(CultureInfo.InvariantCulture, $"{lower:0.0000} to {upper:0.0000}");

    /// <summary>An interval behind its mean: nothing where there is none.</summary>
    public static string Bracketed(double lower, double upper) => double.IsNaN(lower) ? "" : $" ({Text(lower, upper)})";

    /// <returns>The interval that holds 95 % of the resamples' statistics; NaN of fewer than <see cref="LeastRows"/>. The same rows and seed give the same interval.</returns>
    public static (double Lower, double Upper) Interval(ReadOnlySpan<double> values, ReadOnlySpan<int> classes, Statistic statistic, int seed)
    {
        if (values.Length < LeastRows)
        {
            return (double.NaN, double.NaN);
        }

        var random = new Random(seed);
        double[] drawn = new double[values.Length];
        int[] drawnClasses = new int[values.Length];
        double[] statistics = new double[Resamples];
        for (int sample = 0; sample < Resamples; sample++)
        {
            for (int i = 0; i < drawn.Length; i++)
            {
                int row = random.Next(values.Length);
                (drawn[i], drawnClasses[i]) = (values[row], classes[row]);
            }

            statistics[sample] = statistic(drawn, drawnClasses);
        }

        return Interval(statistics);
    }

    /// <param name="draw">Draws a resample, and gives its statistic; NaN of one that has none, in whose place another is drawn, which most resamples must not need.</param>
    /// <param name="seed">What is drawn by.</param>
    public static (double Lower, double Upper) Interval(Func<Random, double> draw, int seed)
    {
        var random = new Random(seed);
        double[] statistics = new double[Resamples];
        for (int sample = 0; sample < Resamples;)
        {
            statistics[sample] = draw(random);
            sample += double.IsNaN(statistics[sample]) ? 0 : 1;
        }

        return Interval(statistics);
    }

    private static (double Lower, double Upper) Interval(double[] statistics)
    {
        Array.Sort(statistics);
        return (Quantile(statistics, Outside), Quantile(statistics, 1 - Outside));
    }

    /// <summary>Linear between the two nearest ranks.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>From rows' values and classes to one number.</summary>
    public delegate double Statistic(ReadOnlySpan<double> values, ReadOnlySpan<int> classes);
}
