namespace Microsoft.ML.AbsCam.Measures.Perturbation;

internal static class AreaUnderCurve
{
    /// <summary>(sum - first/2 - last/2) / n of n + 1 scores: the trapezoidal rule over equal steps.</summary>
    public static double Of(ReadOnlySpan<float> scores)
    {
        double sum = 0;
        foreach (float score in scores)
        {
            sum += score;
        }

        return (sum - (scores[0] / 2.0) - (scores[^1] / 2.0)) / (scores.Length - 1);
    }
}
