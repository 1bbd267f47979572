namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Numbers of a value for several images, one row each, and what they give away.</summary>
/// <param name="rows">One row of numbers an image; all of a length.</param>
/// <param name="rounding">How far two ways to the same probability may be apart, of the greatest of a row: what the element type rounds along the way of a softmax.</param>
internal sealed class ScoreRows(double[][] rows, double rounding = ScoreRows.FloatRounding)
{
    /// <summary>What float32 rounds.</summary>
    public const double FloatRounding = 2e-6;

    /// <summary>Of what a row spans: a probability that was clipped, or shifted by an epsilon, is still the softmax of its logits.</summary>
    private const double Shift = 2e-3;

    /// <summary>Of a sum of many numbers, beyond what each of them rounds.</summary>
    private const double SumRounding = 1.6e-5;

    private static readonly double[] Totals = [1, 100];

    private readonly double _sumRounding = SumRounding + (2 * rounding);

    public double Rounding => rounding;

    public int Width => rows[0].Length;

    public int Count => rows.Length;

    public bool AreFinite => rows.All(row => row.All(double.IsFinite));

    public double Least => rows.Min(row => row.Min());

    public double Greatest => rows.Max(row => row.Max());

    /// <summary>
    /// Whether these can be nothing but logits: some lie far below 0 and others far above, where probabilities and their logarithms lie on
    /// one side. Most networks give such numbers for any image.
    /// </summary>
    public bool ArePlainLogits => AreFinite && Least < -1e-4 && Greatest > 1e-4;

    /// <summary>Whether every row is the same, so that nothing can be told of the numbers.</summary>
    public bool AreAlike => rows.All(row => row.Zip(rows[0]).All(pair => Math.Abs(pair.First - pair.Second) <= rounding * Math.Abs(pair.Second)));

    /// <summary>
    /// What each row adds up to, where that is 1 or 100, as for probabilities of which one is true, and no number is negative; else null. Another
    /// sum means nothing of the kind: two groups of classes, each with a softmax of its own, add up to 2.
    /// </summary>
    public double? Total => Width > 1 && !AreAlike ? Totals.Where(total => Least >= -_sumRounding * total && AddUpTo(total)).Select(total => (double?)total).FirstOrDefault() : null;

    /// <param name="values">Rows of numbers, one after the other.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="rounding">As in the constructor.</param>
    public static ScoreRows Of(ReadOnlySpan<float> values, int width, double rounding = FloatRounding)
    {
        double[][] rows = new double[values.Length / width][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Array.ConvertAll(values.Slice(i * width, width).ToArray(), value => (double)value);
        }

        return new ScoreRows(rows, rounding);
    }

    /// <summary>The rows of the images for which another value is finite.</summary>
    public ScoreRows WhereFinite(ScoreRows other) => new([.. rows.Where((_, i) => other.Row(i).All(double.IsFinite))], rounding);

    public ScoreRows Divided(double by) => new([.. rows.Select(row => Array.ConvertAll(row, x => x / by))], rounding);

    public ScoreRows Exponential() => new([.. rows.Select(row => Array.ConvertAll(row, Math.Exp))], rounding);

    /// <summary>Whether every row adds up to this.</summary>
    public bool AddUpTo(double total) => rows.All(row => Math.Abs(row.Sum() - total) <= _sumRounding * total);

    /// <summary>Whether these numbers are the softmax of others, for every image, and some images leave room for doubt that they do not.</summary>
    public bool AreSoftmaxOf(ScoreRows logits)
    {
        // One class that takes all, or all alike, would be so for many logits.
        return Width > 1 && FitSoftmaxOf(logits) && rows.Any(row => row.Max() < 0.999 && row.Max() - row.Min() > 1e-4 * row.Max());
    }

    /// <summary>Whether these numbers are the sigmoid of others, each for itself, and not only at the ends of its range.</summary>
    public bool AreSigmoidOf(ScoreRows logits) =>
        Greatest - Least > 1e-4 && FitSigmoidOf(logits) && rows.SelectMany(row => row).Where(x => x is > 1e-3 and < 1 - 1e-3).Distinct().Skip(1).Any();

    /// <summary>Whether nothing speaks against these numbers being the softmax of others; rows without numbers fit such rows.</summary>
    public bool FitSoftmaxOf(ScoreRows logits)
    {
        double[] expectedOf(double[] row)
        {
            double most = row.Max();
            double sum = row.Sum(x => Math.Exp(x - most));
            return Array.ConvertAll(row, x => Math.Exp(x - most) / sum);
        }

        return Fit(logits, expectedOf, row => (rounding * row.Max()) + (Shift * (row.Max() - row.Min())));
    }

    /// <summary>Whether nothing speaks against these numbers being the sigmoid of others, each for itself.</summary>
    public bool FitSigmoidOf(ScoreRows logits)
    {
        // A row may hold one number, so what they span is asked of all.
        double[] finite = [.. rows.SelectMany(row => row).Where(double.IsFinite).DefaultIfEmpty()];
        double allowed = (5 * rounding) + (Shift * (finite.Max() - finite.Min()));
        return Fit(logits, row => Array.ConvertAll(row, x => 1 / (1 + Math.Exp(-x))), _ => allowed);
    }

    /// <summary>Whether these are the numbers of the other value.</summary>
    public bool AreThose(ScoreRows others) => rows.Select((row, i) => row.Zip(others.Row(i))).All(pairs => pairs.All(pair => Math.Abs(pair.First - pair.Second) <= rounding * Math.Max(1, Math.Abs(pair.Second))));

    /// <summary>What the rows say of themselves, where nothing is known of what lies before them.</summary>
    public ScoreEvidence Judged()
    {
        if (Total is double total)
        {
            return new ScoreEvidence(ScoreKind.Probabilities, $"For made-up images the scores of a row add up to {total}, and none is negative; the logits before them were not found.", total);
        }

        return Least >= 0 && Greatest <= 1
            ? new ScoreEvidence(ScoreKind.Unclear, $"For made-up images all scores lie in 0 to 1 and do not add up to 1. If they are probabilities, say so ({nameof(ScoreRule)}.{nameof(ScoreRule.Probabilities)}).")
            : ScoreEvidence.Untold;
    }

    /// <summary>Whether each row's numbers are another's plus one number for all of the row: what a softmax does not see.</summary>
    public bool AreShiftedFrom(ScoreRows others) => rows.Select((row, i) => (Row: row, Other: others.Row(i))).All(pair =>
    {
        double[] shifts = [.. pair.Row.Zip(pair.Other, (a, b) => a - b)];
        return shifts.Max() - shifts.Min() <= 4 * rounding * Math.Max(pair.Row.Max(Math.Abs), pair.Other.Max(Math.Abs));
    });

    private bool Fit(ScoreRows others, Converter<double[], double[]> expectedOf, Func<double[], double> allowedOf)
    {
        if (others.Count != Count || others.Width != Width)
        {
            return false;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            double[] expected = expectedOf(others.Row(i));
            double allowed = allowedOf(rows[i]);
            if (!rows[i].Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= allowed || (double.IsNaN(pair.First) && double.IsNaN(pair.Second))))
            {
                return false;
            }
        }

        return true;
    }

    private double[] Row(int index) => rows[index];
}
