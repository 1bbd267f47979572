using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Saliency.Stopping;

/// <summary>
/// <see cref="ToleranceKind.Expected"/>: the scores of masks that were not run are guessed from those of masks alike, and the map is close
/// enough when the mean over pixels of the difference that is to be expected of them is within the tolerance. docs/understand/method.md has the formulas.
/// </summary>
internal sealed class ExpectedRule : IStoppingRule
{
    // Of fewer scores nothing is told.
    private const int Fewest = 4;

    // What a normal distribution's mean distance from its middle is of its standard deviation: the root of 2 / pi.
    private static readonly double ExpectedOfNormal = Math.Sqrt(2 / Math.PI);

    private readonly float[] _activation;
    private readonly float[] _reach;
    private readonly int _channels;
    private readonly int _size;
    private readonly double _tolerance;
    private readonly AlikeMasks?[] _alike;
    private readonly double[] _next;
    private readonly float[] _sum;
    private readonly float[] _heights;
    private readonly float[] _effect;
    private readonly float[] _deviation;

    /// <param name="activation">The feature maps A, B x C x h x w.</param>
    /// <param name="reach">What each channel of each image can add at most with a weight of 1.</param>
    /// <param name="rows">How many images.</param>
    /// <param name="channels">How many maps an image.</param>
    /// <param name="tolerance">The mean difference that is allowed, above 0.</param>
    public ExpectedRule(float[] activation, float[] reach, int rows, int channels, double tolerance)
    {
        (_activation, _reach, _channels, _tolerance) = (activation, reach, channels, tolerance);
        _size = activation.Length / (rows * channels);
        _alike = new AlikeMasks?[rows];
        _next = [.. Enumerable.Repeat(double.PositiveInfinity, rows)];
        (_sum, _heights, _effect, _deviation) = (new float[_size], new float[_size], new float[_size], new float[_size]);
    }

    /// <inheritdoc/>
    public bool IsClose(int row, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, ReadOnlySpan<int> left, Span<float> guesses)
    {
        double rest = Rest(row, weights, left);
        if (run.Length < Fewest || rest > _next[row])
        {
            return false;
        }

        int targets = weights.Length / _channels;
        AlikeMasks alike = _alike[row] ??= Begin(row, [.. run, .. left], targets);
        Learn(alike, scores, run, targets);
        for (int t = 0; t < targets; t++)
        {
            double distance = Distance(row, t, alike, weights.Slice(t * _channels, _channels), scores.Slice(t * _channels, _channels), run, left, guesses.Slice(t * left.Length, left.Length));
            if (!(distance <= _tolerance))
            {
                // The distance falls about as the square of the rest does; NaN or infinity, of a map that shows nothing yet, says nothing.
                _next[row] = double.IsFinite(distance) ? rest * Math.Sqrt(_tolerance / distance) : rest;
                return false;
            }
        }

        return true;
    }

    private AlikeMasks Begin(int row, int[] order, int targets)
    {
        float[] maps = new float[order.Length * _size];
        for (int i = 0; i < order.Length; i++)
        {
            Map(row, order[i]).CopyTo(maps.AsSpan(i * _size));
        }

        return new AlikeMasks(maps, order.Length, targets);
    }

    private void Learn(AlikeMasks alike, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, int targets)
    {
        float[] ofMask = new float[targets];
        while (alike.Known < run.Length)
        {
            for (int t = 0; t < targets; t++)
            {
                ofMask[t] = scores[(t * _channels) + run[alike.Known]];
            }

            alike.Learn(ofMask);
        }
    }

    /// <summary>The expected difference of a pixel of the normalised map, the mean over pixels; NaN or infinite where it cannot be told.</summary>
    private double Distance(int row, int target, AlikeMasks alike, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, ReadOnlySpan<int> left, Span<float> guesses)
    {
        double variance = alike.Guess(target, guesses);
        Array.Clear(_sum);
        foreach (int channel in run)
        {
            TensorPrimitives.MultiplyAdd(Map(row, channel), weights[channel] * scores[channel], _sum, _sum);
        }

        for (int i = 0; i < left.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(Map(row, left[i]), weights[left[i]] * guesses[i], _sum, _sum);
        }

        alike.Variance(Effects(row, weights, left), _deviation);

        // Rounding can take a variance of almost nothing below it.
        TensorPrimitives.Max(_deviation, 0, _deviation);
        TensorPrimitives.Sqrt(_deviation, _deviation);
        return ExpectedOfNormal * Math.Sqrt(variance) * TensorPrimitives.Sum<float>(_deviation) / _size;
    }

    /// <summary>
    /// By how much each pixel of the normalised map changes with the score of each channel left: of n = (F - F(B)) / (F(T) - F(B)), with T
    /// and B the highest and the lowest pixel, it is w_k (A_k - n A_k(T) - (1 - n) A_k(B)) / (F(T) - F(B)). What relu cuts off does not change.
    /// </summary>
    private float[] Effects(int row, ReadOnlySpan<float> weights, ReadOnlySpan<int> left)
    {
        (int top, int bottom) = (TensorPrimitives.IndexOfMax<float>(_sum), TensorPrimitives.IndexOfMin<float>(_sum));
        bool isCut = !(_sum[bottom] > 0);
        float least = isCut ? 0 : _sum[bottom];
        float range = _sum[top] - least;
        TensorPrimitives.Subtract(_sum, least, _heights);
        TensorPrimitives.Divide(_heights, range, _heights);
        TensorPrimitives.Max(_heights, 0f, _heights);
        float[] effects = new float[left.Length * _size];
        for (int i = 0; i < left.Length; i++)
        {
            ReadOnlySpan<float> map = Map(row, left[i]);
            float below = isCut ? 0 : map[bottom];
            TensorPrimitives.MultiplyAdd(_heights, below - map[top], map, _effect);
            TensorPrimitives.Subtract(_effect, below, _effect);
            TensorPrimitives.Multiply(_effect, weights[left[i]] / range, effects.AsSpan(i * _size, _size));
        }

        for (int u = 0; isCut && u < _size; u++)
        {
            for (int i = u; _sum[u] < 0 && i < effects.Length; i += _size)
            {
                effects[i] = 0;
            }
        }

        return effects;
    }

    /// <summary>The root of the sum of squares of what the channels left can add to the target to which each can add most.</summary>
    private double Rest(int row, ReadOnlySpan<float> weights, ReadOnlySpan<int> left)
    {
        double sum = 0;
        foreach (int channel in left)
        {
            double most = 0;
            for (int at = channel; at < weights.Length; at += _channels)
            {
                most = Math.Max(most, (double)weights[at] * _reach[(row * _channels) + channel]);
            }

            sum += most * most;
        }

        return Math.Sqrt(sum);
    }

    private ReadOnlySpan<float> Map(int row, int channel) => _activation.AsSpan(((row * _channels) + channel) * _size, _size);
}
