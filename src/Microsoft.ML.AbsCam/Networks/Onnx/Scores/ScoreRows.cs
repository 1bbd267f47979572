namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>Numbers of a value for several images, one row each, and what they give away.</summary>
internal sealed class ScoreRows(double[][] rows)
{
    /// <summary>Of the greatest of a row: what float32 may round along the way of a softmax.</summary>
    private const double Rounding = 2e-6;

    /// <summary>Of what a row spans: a probability that was clipped, or shifted by an epsilon, is still the softmax of its logits.</summary>
    private const double Shift = 2e-3;

    /// <summary>Of a sum of float32.</summary>
    private const double SumRounding = 2e-5;

    public int Width => rows[0].Length;

    public int Count => rows.Length;

    public bool AreFinite => rows.All(row => row.All(double.IsFinite));

    public double Least => rows.Min(row => row.Min());

    public double Greatest => rows.Max(row => row.Max());

    /// <summary>Whether every row is the same, so that nothing can be told of the numbers.</summary>
    public bool AreAlike => rows.All(row => row.Zip(rows[0]).All(pair => Math.Abs(pair.First - pair.Second) <= Rounding * Math.Abs(pair.Second)));

    /// <summary>What each row adds up to, where that is the same positive number for all and no number is negative; else null.</summary>
    public double? Total
    {
        get
        {
            double total = rows[0].Sum();
            return Width > 1 && Least >= -SumRounding * total && total > 0 && !AreAlike && rows.All(row => Math.Abs(row.Sum() - total) <= SumRounding * total) ? total : null;
        }
    }

    /// <summary>The rows of the images for which another value is finite.</summary>
    public ScoreRows WhereFinite(ScoreRows other) => new([.. rows.Where((_, i) => other.Row(i).All(double.IsFinite))]);

    public ScoreRows Divided(double by) => new([.. rows.Select(row => Array.ConvertAll(row, x => x / by))]);

    public ScoreRows Exponential() => new([.. rows.Select(row => Array.ConvertAll(row, Math.Exp))]);

    /// <summary>Whether these numbers are the softmax of others, for every image, and some images leave room for doubt that they do not.</summary>
    public bool AreSoftmaxOf(ScoreRows logits)
    {
        bool tells = false;
        for (int i = 0; i < rows.Length; i++)
        {
            double[] expected = logits.Row(i);
            double most = expected.Max();
            double sum = expected.Sum(x => Math.Exp(x - most));
            double span = rows[i].Max() - rows[i].Min();
            double allowed = (Rounding * rows[i].Max()) + (Shift * span);
            if (!rows[i].Zip(expected).All(pair => Math.Abs(pair.First - (Math.Exp(pair.Second - most) / sum)) <= allowed))
            {
                return false;
            }

            // One class that takes all, or all alike, would be so for many logits.
            tells |= rows[i].Max() < 0.999 && span > 1e-4 * rows[i].Max();
        }

        return tells && Width > 1;
    }

    /// <summary>Whether these numbers are the sigmoid of others, each for itself, and not only at the ends of its range.</summary>
    public bool AreSigmoidOf(ScoreRows logits)
    {
        double span = Greatest - Least;
        double allowed = Rounding + (Shift * span);
        (double First, double Second)[] pairs = [.. rows.SelectMany((row, i) => row.Zip(logits.Row(i)))];
        return pairs.All(pair => Math.Abs(pair.First - (1 / (1 + Math.Exp(-pair.Second)))) <= allowed)
            && pairs.Where(pair => pair.First is > 1e-3 and < 1 - 1e-3).Select(pair => pair.First).Distinct().Skip(1).Any() && span > 1e-4;
    }

    /// <summary>Whether these are the numbers of the other value.</summary>
    public bool AreThose(ScoreRows others) => rows.Select((row, i) => row.Zip(others.Row(i))).All(pairs => pairs.All(pair => Math.Abs(pair.First - pair.Second) <= Rounding * Math.Max(1, Math.Abs(pair.Second))));

    private double[] Row(int index) => rows[index];
}
