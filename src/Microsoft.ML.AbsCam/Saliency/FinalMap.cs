using Microsoft.ML.AbsCam.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// Phase 2 of Abs-CAM in the readings <see cref="MaskReading.Weighted"/> and <see cref="MaskReading.PerChannel"/>, for T
/// targets of each of B images.
/// </summary>
/// <remarks>
/// Both readings are sums over channels of a factor times up(A_k), and enlarging is linear. So only the factors are
/// collected while the masks are scored, and the maps are added up once, at the layer's size: no map of the image's size
/// is ever kept for each channel. Masks hardly depend on the class, so the targets of an image share their scores.
/// </remarks>
internal sealed class FinalMap
{
    // Looking costs time, and nothing is found while what is left is so many times the tolerance of what was run.
    private const double Far = 4;

    private readonly Tensor _activation;
    private readonly int[] _targets;
    private readonly MaskReading _reading;
    private readonly double _tolerance;
    private readonly (long Height, long Width) _size;
    private readonly int _rows;
    private readonly int _targetsPerRow;
    private readonly int _channels;
    private readonly float[] _weights;
    private readonly float[] _factors;
    private readonly float[] _offsets;
    private readonly float[] _scales;
    private readonly float[] _reach;
    private readonly int[] _forwards;
    private readonly MapBound? _bound;
    private int[][] _counting = [];

    /// <param name="activation">The feature maps A [B,C,h,w].</param>
    /// <param name="weights">The weights w of phase 1 [B,T,C].</param>
    /// <param name="targets">The classes, T of the first row, T of the second, and so on.</param>
    /// <param name="reading">Weighted or per channel.</param>
    /// <param name="tolerance">How far a pixel of a normalised weighted map may be from the exact one; 0 runs every channel that counts.</param>
    /// <param name="size">Rows and columns of the maps to make.</param>
    public FinalMap(Tensor activation, Tensor weights, int[] targets, MaskReading reading, double tolerance, (long Height, long Width) size)
    {
        _size = size;
        _activation = activation;
        _targets = targets;
        _reading = reading;
        _tolerance = tolerance;
        (_rows, _targetsPerRow, _channels) = ((int)weights.shape[0], (int)weights.shape[1], (int)weights.shape[2]);
        _weights = weights.ToFloats();
        _factors = new float[_weights.Length];
        _offsets = new float[_rows * _targetsPerRow];
        Tensor scales = weights.amax([1]);
        _scales = scales.ToFloats();
        MaskMaps = activation * scales.unsqueeze(2).unsqueeze(3);
        _reach = Reach(activation);
        _forwards = new int[_rows];
        _bound = tolerance > 0 && reading == MaskReading.Weighted
            ? new MapBound(activation.ToFloats(), _rows, _channels, new CornerPixels((int)activation.shape[2], (int)activation.shape[3], size.Height, size.Width), tolerance)
            : null;
    }

    /// <summary>
    /// w_k A_k, of which masks are made. norm would undo the weight, but for its 1e-8; of several targets' weights the
    /// largest is taken, which the 1e-8 disturbs least.
    /// </summary>
    public Tensor MaskMaps { get; }

    /// <summary>How many masked images of each row were run.</summary>
    public IReadOnlyList<int> Forwards => _forwards;

    /// <summary>Scores the masks and returns the maps [B,T,H,W] before relu and norm.</summary>
    public Tensor Run(MaskScorer scorer)
    {
        var queue = new MaskQueue(Bounds(), _rows);
        _counting = _bound is null ? [] : [.. Enumerable.Range(0, _rows).Select(row => queue.Left(row).ToArray())];
        while (queue.Take(scorer.PassSize) is { Count: > 0 } masks)
        {
            Collect(scorer, masks);
            foreach (int row in masks.Select(mask => mask.Row).Distinct().Where(row => _bound is not null && queue.Left(row).Length > 0 && IsCloseEnough(row, queue.Left(row))))
            {
                Guess(row, queue.Left(row));
                queue.Close(row);
            }
        }

        return AddUp();
    }

    private void Collect(MaskScorer scorer, List<(int Row, int Channel)> masks)
    {
        MaskScores scores = scorer.Score(masks);
        for (int i = 0; i < masks.Count; i++)
        {
            (int row, int channel) = masks[i];
            _forwards[row]++;
            for (int target = row * _targetsPerRow; target < (row + 1) * _targetsPerRow; target++)
            {
                int at = (target * _channels) + channel;
                float p = scores.Probability(i, _targets[target]);
                if (_reading == MaskReading.Weighted)
                {
                    _factors[at] = p * _weights[at];
                }
                else if (_weights[at] > 0)
                {
                    _factors[at] = p * _scales[(row * _channels) + channel] / scores.Divisor[i];
                    _offsets[target] -= p * scores.Minimum[i] / scores.Divisor[i];
                }
            }
        }
    }

    /// <summary>Whether all targets' maps are; far from it, that is not even asked.</summary>
    private bool IsCloseEnough(int row, ReadOnlySpan<int> left)
    {
        for (int target = row * _targetsPerRow; target < (row + 1) * _targetsPerRow; target++)
        {
            ReadOnlySpan<float> weights = _weights.AsSpan(target * _channels, _channels);
            double all = Reach(row, weights, _counting[row]);
            double rest = Reach(row, weights, left);
            if (rest > Far * _tolerance * (all - rest) || !_bound!.IsWithin(row, weights, _factors.AsSpan(target * _channels, _channels), left))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts the channels of a row that need not be run by the middle of what their masks can score.</summary>
    private void Guess(int row, ReadOnlySpan<int> left)
    {
        for (int target = row * _targetsPerRow; target < (row + 1) * _targetsPerRow; target++)
        {
            foreach (int channel in left)
            {
                _factors[(target * _channels) + channel] = MapBound.Unknown * _weights[(target * _channels) + channel];
            }
        }
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

    private Tensor AddUp()
    {
        using var scope = NewDisposeScope();
        Tensor factors = TensorData.FromFloats(_factors, _rows, _targetsPerRow, _channels).to(_activation.device);
        Tensor offsets = TensorData.FromFloats(_offsets, _rows, _targetsPerRow, 1, 1).to(_activation.device);
        Tensor maps = MapMath.Combine(factors, _activation);
        return MapMath.Upsample(maps, _size.Height, _size.Width).add_(offsets).MoveToOuterDisposeScope();
    }

    /// <summary>What a channel of a row can add at most, to the target that it can add most to.</summary>
    private float[] Bounds()
    {
        float[] bounds = new float[_rows * _channels];
        for (int at = 0; at < _weights.Length; at++)
        {
            int channel = ((at / (_channels * _targetsPerRow)) * _channels) + (at % _channels);
            bounds[channel] = Math.Max(bounds[channel], _weights[at] * _reach[channel]);
        }

        return bounds;
    }

    /// <summary>The length of the interval in which p A_k lies for 0 &lt;= p &lt;= 1; 0 for a flat channel, whose mask shows nothing.</summary>
    private static float[] Reach(Tensor activation)
    {
        using var scope = NewDisposeScope();
        Tensor maximum = activation.amax([2, 3]);
        Tensor minimum = activation.amin([2, 3]);
        Tensor isFlat = (maximum - minimum) < MapMath.FlatRange;
        return (maximum.clamp_min(0) - minimum.clamp_max(0)).masked_fill(isFlat, 0).ToFloats();
    }
}
