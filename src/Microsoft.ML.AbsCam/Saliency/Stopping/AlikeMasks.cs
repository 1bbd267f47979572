using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Saliency.Stopping;

/// <summary>
/// What the masks of an image score that were not run, told from those that were: a Gaussian process in which masks that look alike
/// score alike (docs/understand/method.md). Before anything is known its mean is 0, as a mask unlike all that show the class shows nothing.
/// </summary>
/// <remarks>
/// Scores are learnt in the order of the masks. Each changes the means of those that follow and the upper triangle of their
/// covariance, so it costs no more than a small part of a pass; the triangle is the memory, 4 bytes a pair of masks.
/// </remarks>
internal sealed class AlikeMasks
{
    // The covariance of two scores, in parts of the variance s^2 that the scores have: what all masks have in common, what masks at no
    // distance have beside that, and what each mask has for itself. Chosen on pictures that docs/understand/performance.md does not count.
    private const float Common = 1;
    private const float Alike = 4;
    private const float Own = 0.1f;

    // The root mean square difference of two masks in [0,1] at which they are no longer much alike.
    private const double Length = 0.2;

    // As much as if so many scores of this variance had been seen: a few scores that happen to agree prove nothing.
    private const double PriorCount = 5;
    private const double PriorVariance = 0.09;

    private readonly float[][] _covariance;
    private readonly float[][] _means;
    private readonly double[] _surprise;

    /// <param name="maps">The maps that the masks are made of, in the order in which they are run, one after the other.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="targets">How many scores a mask has.</param>
    public AlikeMasks(ReadOnlySpan<float> maps, int count, int targets)
    {
        int size = maps.Length / count;
        float[] masks = maps.ToArray();
        _covariance = new float[count][];
        for (int i = 0; i < count; i++)
        {
            Normalise(masks.AsSpan(i * size, size));
            _covariance[i] = new float[count - i];
        }

        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
            {
                double distance = TensorPrimitives.Distance<float>(masks.AsSpan(i * size, size), masks.AsSpan(j * size, size));
                _covariance[i][j - i] = Common + (Alike * (float)Math.Exp(-distance * distance / (2 * Length * Length * size)));
            }
        }

        _means = [.. Enumerable.Range(0, targets).Select(_ => new float[count])];
        _surprise = new double[targets];
    }

    /// <summary>How many masks' scores are known.</summary>
    public int Known { get; private set; }

    /// <summary>Takes in what the next mask scored.</summary>
    /// <param name="scores">A score a target.</param>
    public void Learn(ReadOnlySpan<float> scores)
    {
        int mask = Known++;
        float variance = _covariance[mask][0] + Own;
        ReadOnlySpan<float> others = _covariance[mask].AsSpan(1);
        for (int target = 0; target < scores.Length; target++)
        {
            Span<float> means = _means[target].AsSpan(Known);
            float surprise = scores[target] - _means[target][mask];
            _surprise[target] += (double)surprise * surprise / variance;
            TensorPrimitives.MultiplyAdd(others, surprise / variance, means, means);
        }

        for (int i = 0; i < others.Length; i++)
        {
            Span<float> row = _covariance[Known + i];
            TensorPrimitives.MultiplyAdd(others[i..], -others[i] / variance, row, row);
        }
    }

    /// <summary>The expected scores of the masks left, in [0,1].</summary>
    /// <param name="target">Which target's.</param>
    /// <param name="guesses">Takes one a mask left.</param>
    /// <returns>The variance s^2.</returns>
    public double Guess(int target, Span<float> guesses)
    {
        TensorPrimitives.Max(_means[target].AsSpan(Known), 0f, guesses);
        TensorPrimitives.Min(guesses, 1f, guesses);
        return (_surprise[target] + (PriorCount * PriorVariance)) / (Known + PriorCount);
    }

    /// <summary>The variance of sums over the masks left, in parts of s^2.</summary>
    /// <param name="effects">What each mask's score counts in each sum: a row a mask left.</param>
    /// <param name="sums">Takes the variances.</param>
    public void Variance(ReadOnlySpan<float> effects, Span<float> sums)
    {
        int size = sums.Length;
        float[] mixed = new float[size];
        sums.Clear();
        for (int i = 0; i < _covariance.Length - Known; i++)
        {
            ReadOnlySpan<float> row = _covariance[Known + i];
            ReadOnlySpan<float> own = effects.Slice(i * size, size);
            TensorPrimitives.Multiply(own, row[0] + Own, mixed);
            for (int j = 1; j < row.Length; j++)
            {
                TensorPrimitives.MultiplyAdd(effects.Slice((i + j) * size, size), 2 * row[j], mixed, mixed);
            }

            TensorPrimitives.MultiplyAdd(own, mixed, sums, sums);
        }
    }

    /// <summary>(m - min m) / (max m - min m + 1e-8), at the layer's size.</summary>
    private static void Normalise(Span<float> mask)
    {
        TensorPrimitives.Subtract(mask, TensorPrimitives.Min<float>(mask), mask);
        TensorPrimitives.Divide(mask, TensorPrimitives.Max<float>(mask) + MapMath.NormEpsilon, mask);
    }
}
