using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What scores of made-up images give away by their values alone.</summary>
internal static class ProbeScores
{
    /// <summary>How far float32 may be from what it means, of 1.</summary>
    public const double FloatTolerance = 1e-5;

    private static readonly double[] Totals = [1, 100];

    /// <summary>What the scores of made-up images say of themselves, where nothing is known of what lies before them.</summary>
    /// <param name="scores">Rows of scores, one after the other.</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="tolerance">How far a sum may be off, as a share of it.</param>
    public static ScoreEvidence Judge(ReadOnlySpan<float> scores, int classes, double tolerance = FloatTolerance)
    {
        if (TotalOf(scores, classes, tolerance) is double total)
        {
            return new ScoreEvidence(ScoreKind.Probabilities, $"For made-up images the scores of a row add up to {total}, and none is negative; the logits before them were not found.", total);
        }

        return LieWithin(scores)
            ? new ScoreEvidence(ScoreKind.Unclear, $"For made-up images all scores lie in 0 to 1 and do not add up to 1. If they are probabilities, say so ({nameof(ScoreRule)}.{nameof(ScoreRule.Probabilities)}).")
            : ScoreEvidence.Untold;
    }

    /// <summary>
    /// What each row adds up to where all are probabilities of which one class is true: 1, or 100 for percent. Null where a score is
    /// negative, a row adds up to something else, there is one class only, or all rows are the same, so that the sum may be chance.
    /// </summary>
    /// <param name="scores">Rows of scores, one after the other.</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="tolerance">How far a sum may be off, as a share of it.</param>
    public static double? TotalOf(ReadOnlySpan<float> scores, int classes, double tolerance = FloatTolerance)
    {
        if (classes < 2 || scores.Length < 2 * classes || !LieWithin(scores, float.MaxValue) || AreAlike(scores, classes))
        {
            return null;
        }

        foreach (double total in Totals)
        {
            bool isTotal = true;
            for (int at = 0; at < scores.Length; at += classes)
            {
                isTotal &= Math.Abs(TensorPrimitives.Sum(scores.Slice(at, classes)) - total) <= tolerance * total;
            }

            if (isTotal)
            {
                return total;
            }
        }

        return null;
    }

    /// <summary>Whether all lie between 0 and a highest number.</summary>
    public static bool LieWithin(ReadOnlySpan<float> scores, float highest = 1)
    {
        foreach (float score in scores)
        {
            if (!(score >= 0 && score <= highest))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the softmax of each row of logits, times the total, is the row of the output.</summary>
    public static bool IsSoftmax(ReadOnlySpan<float> logits, ReadOnlySpan<float> output, int classes, double total = 1, double tolerance = FloatTolerance)
    {
        if (logits.Length != output.Length)
        {
            return false;
        }

        float[] row = new float[classes];
        for (int at = 0; at < output.Length; at += classes)
        {
            TensorPrimitives.SoftMax(Lowered(logits.Slice(at, classes)), row);
            if (!AreClose(row, output.Slice(at, classes), total, tolerance))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the sigmoid of each logit, times the total, is the output.</summary>
    public static bool IsSigmoid(ReadOnlySpan<float> logits, ReadOnlySpan<float> output, double total = 1, double tolerance = FloatTolerance)
    {
        if (logits.Length != output.Length)
        {
            return false;
        }

        float[] sigmoids = new float[logits.Length];
        TensorPrimitives.Sigmoid(logits, sigmoids);
        return AreClose(sigmoids, output, total, tolerance);
    }

    // The exponential of a large logit is infinite.
    private static float[] Lowered(ReadOnlySpan<float> logits)
    {
        float[] lowered = new float[logits.Length];
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), lowered);
        return lowered;
    }

    private static bool AreAlike(ReadOnlySpan<float> scores, int classes)
    {
        for (int at = classes; at < scores.Length; at += classes)
        {
            if (!scores.Slice(at, classes).SequenceEqual(scores[..classes]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreClose(ReadOnlySpan<float> made, ReadOnlySpan<float> output, double total, double tolerance)
    {
        for (int i = 0; i < made.Length; i++)
        {
            // A row of NaN says nothing against its logits, which are NaN as well.
            if (Math.Abs((made[i] * total) - output[i]) > tolerance * total || float.IsNaN(made[i]) != float.IsNaN(output[i]))
            {
                return false;
            }
        }

        return true;
    }
}
