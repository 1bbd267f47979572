using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Saliency.Stopping;

/// <summary>
/// <see cref="ToleranceKind.Guaranteed"/>: how far a normalised map can be from the exact one while the probabilities of some channels are not
/// known. docs/understand/method.md has the proof. Channels that were not run count half in the estimate.
/// </summary>
/// <remarks>
/// A map that is enlarged bilinearly is straight along both axes between the centres of the layer's pixels, and the conditions that are
/// checked bend one way only. So they hold everywhere when they hold at the corners: the first and last pixel between two centres.
/// </remarks>
internal sealed class GuaranteedRule : IStoppingRule
{
    /// <summary>What a channel counts in the estimate that was not run: the middle of what is possible.</summary>
    public const float Unknown = 0.5f;

    // Looking costs time, and nothing is found while what is left is so many times the tolerance of what was run.
    private const double Far = 4;

    // What adding up in single precision may lose.
    private const float Rounding = 1e-5f;

    // A maximum that may be in so many places is far from certain; to check them all would cost more than a pass.
    private const int MostPeaks = 64;

    private readonly float _tolerance;
    private readonly int _channels;
    private readonly int _mapSize;
    private readonly float[] _activation;
    private readonly float[] _reach;
    private readonly CornerPixels _corners;
    private readonly float[]?[] _enlarged;
    private readonly float[] _known;
    private readonly float[] _lowest;
    private readonly float[] _highest;
    private readonly float[] _map;
    private readonly float[] _slack;
    private readonly float[] _one;
    private readonly float[] _normalised;
    private readonly float[] _share;

    /// <param name="activation">The feature maps A, B x C x h x w.</param>
    /// <param name="reach">What each channel of each image can add at most with a weight of 1.</param>
    /// <param name="rows">How many images.</param>
    /// <param name="channels">How many maps an image.</param>
    /// <param name="corners">Where the enlarged maps are looked at.</param>
    /// <param name="tolerance">The distance that is allowed, above 0.</param>
    public GuaranteedRule(float[] activation, float[] reach, int rows, int channels, CornerPixels corners, double tolerance)
    {
        _tolerance = (float)Math.Max(tolerance - Rounding, tolerance / 2);
        (_activation, _reach, _channels, _mapSize, _corners) = (activation, reach, channels, activation.Length / (rows * channels), corners);
        _enlarged = new float[rows][];
        (_known, _lowest, _highest, _map) = (new float[corners.Count], new float[corners.Count], new float[corners.Count], new float[corners.Count]);
        (_slack, _one, _normalised, _share) = (new float[corners.Count], new float[corners.Count], new float[corners.Count], new float[corners.Count]);
    }

    /// <inheritdoc/>
    public bool IsClose(int row, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, ReadOnlySpan<int> left, Span<float> guesses)
    {
        guesses.Fill(Unknown);
        for (int first = 0; first < weights.Length; first += _channels)
        {
            if (!IsWithin(row, weights.Slice(first, _channels), scores.Slice(first, _channels), run, left))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether every pixel of the estimate's norm is within the tolerance of the exact one, whatever the probabilities of the channels left.</summary>
    private bool IsWithin(int row, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, ReadOnlySpan<int> left)
    {
        if (Reach(row, weights, left) > Far * _tolerance * Reach(row, weights, run))
        {
            return false;
        }

        AddUp(row, weights, scores, run, left);

        // The highest and the lowest pixel of the estimate; before relu, negative pixels all count as the lowest.
        (int top, int bottom) = (TensorPrimitives.IndexOfMax<float>(_map), TensorPrimitives.IndexOfMin<float>(_map));
        float minimum = Math.Max(_map[bottom], 0);
        float divisor = _map[top] - minimum + MapMath.NormEpsilon;
        float floor = Math.Max(TensorPrimitives.Min<float>(_lowest), 0);
        if (!(_lowest[top] > floor) || !float.IsFinite(divisor))
        {
            return false;
        }

        TensorPrimitives.Subtract(_map, minimum, _normalised);
        TensorPrimitives.Divide(_normalised, divisor, _normalised);
        return IsNowhereHigher(row, weights, left, top, floor) && IsNowhereLower(row, weights, left, bottom);
    }

    /// <summary>What the channels can add at most to a pixel, if all do it at the same one.</summary>
    private double Reach(int row, ReadOnlySpan<float> weights, ReadOnlySpan<int> channels)
    {
        double sum = 0;
        foreach (int channel in channels)
        {
            sum += (double)weights[channel] * _reach[(row * _channels) + channel];
        }

        return sum;
    }

    private void AddUp(int row, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, ReadOnlySpan<int> left)
    {
        Array.Clear(_known);
        foreach (int channel in run)
        {
            TensorPrimitives.MultiplyAdd(Enlarged(row, channel), scores[channel] * weights[channel], _known, _known);
        }

        foreach (float[] sum in (float[][])[_lowest, _highest, _map])
        {
            _known.CopyTo(sum, 0);
        }

        foreach (int channel in left)
        {
            TensorPrimitives.Multiply(Enlarged(row, channel), weights[channel], _one);
            TensorPrimitives.MultiplyAdd(_one, Unknown, _map, _map);
            TensorPrimitives.Min(_one, 0f, _slack);
            TensorPrimitives.Add(_lowest, _slack, _lowest);
            TensorPrimitives.Max(_one, 0f, _slack);
            TensorPrimitives.Add(_highest, _slack, _highest);
        }
    }

    /// <summary>With c = n + t: no choice of probabilities lifts F(u) - m above c (F(top) - m), for the lowest possible m.</summary>
    private bool IsNowhereHigher(int row, ReadOnlySpan<float> weights, ReadOnlySpan<int> left, int top, float floor)
    {
        TensorPrimitives.Add(_normalised, _tolerance, _share);
        TensorPrimitives.MultiplyAdd(_share, floor - _known[top], _known, _slack);
        TensorPrimitives.Subtract(_slack, floor, _slack);
        foreach (int channel in left)
        {
            ReadOnlySpan<float> map = Enlarged(row, channel);
            TensorPrimitives.MultiplyAdd(_share, -map[top], map, _one);
            TensorPrimitives.Max(_one, 0f, _one);
            TensorPrimitives.MultiplyAdd(_one, weights[channel], _slack, _slack);
        }

        return TensorPrimitives.Max<float>(_slack) <= 0;
    }

    /// <summary>
    /// With d = n - t: no choice of probabilities lowers F(u) - m below d (F(v) - m + 1e-8), for every v that can be the highest, and
    /// for m = relu(F(bottom)), which is never below the minimum.
    /// </summary>
    private bool IsNowhereLower(int row, ReadOnlySpan<float> weights, ReadOnlySpan<int> left, int bottom)
    {
        float sure = TensorPrimitives.Max<float>(_lowest);
        int[] peaks = [.. Enumerable.Range(0, _highest.Length).Where(v => _highest[v] >= sure)];
        if (peaks.Length > MostPeaks)
        {
            return false;
        }

        TensorPrimitives.Subtract(_normalised, _tolerance, _share);
        foreach (int v in peaks)
        {
            bool holds = (_highest[bottom] <= 0 || IsNotLower(row, weights, left, v, bottom))
                && (_lowest[bottom] >= 0 || IsNotLower(row, weights, left, v, null));
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsNotLower(int row, ReadOnlySpan<float> weights, ReadOnlySpan<int> left, int v, int? bottom)
    {
        float least = bottom is int known ? _known[known] : 0;
        TensorPrimitives.MultiplyAdd(_share, least - _known[v] - MapMath.NormEpsilon, _known, _slack);
        TensorPrimitives.Subtract(_slack, least, _slack);
        foreach (int channel in left)
        {
            ReadOnlySpan<float> map = Enlarged(row, channel);
            float below = bottom is int at ? map[at] : 0;
            TensorPrimitives.MultiplyAdd(_share, below - map[v], map, _one);
            TensorPrimitives.Subtract(_one, below, _one);
            TensorPrimitives.Min(_one, 0f, _one);
            TensorPrimitives.MultiplyAdd(_one, weights[channel], _slack, _slack);
        }

        return TensorPrimitives.Min<float>(_slack) >= 0;
    }

    private ReadOnlySpan<float> Enlarged(int row, int channel)
    {
        float[] all = _enlarged[row] ??= _corners.Enlarge(_activation.AsSpan(row * _channels * _mapSize, _channels * _mapSize));
        return all.AsSpan(channel * _corners.Count, _corners.Count);
    }
}
