using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Stopping;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// Phase 2 of Abs-CAM in the readings with a mask a channel, for T
/// targets of each of B images.
/// </summary>
/// <remarks>
/// These readings are sums over channels of a factor times up(A_k), and enlarging is linear. So only the factors are
/// collected while the masks are scored, and the maps are added up once, at the layer's size: no map of the image's size
/// is ever kept for each channel. Masks hardly depend on the class, so the targets of an image share their scores.
/// </remarks>
internal sealed class FinalMap
{
    private readonly Tensor _activation;
    private readonly MaskReading _reading;
    private readonly (long Height, long Width) _size;
    private readonly int _rows;
    private readonly int _targetsPerRow;
    private readonly int _channels;
    private readonly float[] _weights;
    private readonly float[] _scores;
    private readonly float[] _factors;
    private readonly float[] _offsets;
    private readonly float[] _scales;
    private readonly float[] _reach;
    private readonly int[] _forwards;
    private readonly IStoppingRule? _rule;
    private int[][] _counting = [];

    /// <param name="activation">The feature maps A [B,C,h,w].</param>
    /// <param name="weights">The weights w of phase 1 [B,T,C].</param>
    /// <param name="reading">Weighted, or per channel by whatever the masks are scored with.</param>
    /// <param name="tolerance">How far a weighted map may be from the exact one; 0 runs every channel that counts.</param>
    /// <param name="size">Rows and columns of the maps to make.</param>
    public FinalMap(Tensor activation, Tensor weights, MaskReading reading, MapTolerance tolerance, (long Height, long Width) size)
    {
        _size = size;
        _activation = activation;
        _reading = reading;
        (_rows, _targetsPerRow, _channels) = ((int)weights.shape[0], (int)weights.shape[1], (int)weights.shape[2]);
        _weights = weights.ToFloats();
        _scores = new float[_weights.Length];
        _factors = new float[_weights.Length];
        _offsets = new float[_rows * _targetsPerRow];
        Tensor scales = weights.amax([1]);
        _scales = scales.ToFloats();
        MaskMaps = activation * scales.unsqueeze(2).unsqueeze(3);
        _reach = Reach(activation);
        _forwards = new int[_rows];
        _rule = reading == MaskReading.Weighted ? tolerance.Rule(activation, _reach, size) : null;
    }

    /// <summary>
    /// w_k A_k, of which masks are made. norm would undo the weight, but for its 1e-8; of several targets' weights the
    /// largest is taken, which the 1e-8 disturbs least.
    /// </summary>
    public Tensor MaskMaps { get; }

    /// <summary>How many masked images of each row were run.</summary>
    public IReadOnlyList<int> Forwards => _forwards;

    /// <summary>Scores the masks and returns the maps [B,T,H,W] before relu and norm.</summary>
    /// <param name="scorer">What scores the masks.</param>
    /// <param name="expect">Is told how many there are at most; null where nobody asks.</param>
    public Tensor Run(MaskScorer scorer, Action<int>? expect = null)
    {
        var queue = new MaskQueue(Bounds(), _rows);
        expect?.Invoke(Enumerable.Range(0, _rows).Sum(row => queue.Left(row).Length));
        _counting = _rule is null ? [] : [.. Enumerable.Range(0, _rows).Select(row => queue.Left(row).ToArray())];
        while (queue.Take(scorer.PassSize) is { Count: > 0 } masks)
        {
            Collect(scorer, masks);
            if (_rule is not null)
            {
                foreach (int row in masks.Select(mask => mask.Row).Distinct().Where(row => queue.Left(row).Length > 0 && IsCloseEnough(_rule, row, queue.Left(row))))
                {
                    queue.Close(row);
                }
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
                float p = scores.Probability(i, target % _targetsPerRow);
                _scores[at] = p;
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

    /// <summary>Whether all targets' maps are; the channels left then count as the rule guesses.</summary>
    private bool IsCloseEnough(IStoppingRule rule, int row, ReadOnlySpan<int> left)
    {
        float[] guesses = new float[_targetsPerRow * left.Length];
        int first = row * _targetsPerRow * _channels;
        int count = _targetsPerRow * _channels;
        if (!rule.IsClose(row, _weights.AsSpan(first, count), _scores.AsSpan(first, count), _counting[row].AsSpan()[..^left.Length], left, guesses))
        {
            return false;
        }

        for (int i = 0; i < guesses.Length; i++)
        {
            int at = first + (i / left.Length * _channels) + left[i % left.Length];
            _factors[at] = guesses[i] * _weights[at];
        }

        return true;
    }

    private Tensor AddUp()
    {
        using var scope = NewDisposeScope();
        Tensor factors = TensorData.FromFloats(_factors, _rows, _targetsPerRow, _channels).to(_activation.device);
        Tensor offsets = TensorData.FromFloats(_offsets, _rows, _targetsPerRow, 1, 1).to(_activation.device);
        Tensor maps = MapMath.Combine(factors, _activation);
        return MapMath.Upsample(maps, _size.Height, _size.Width).PlusInPlace(offsets).MoveToOuterDisposeScope();
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
        Tensor isFlat = (maximum - minimum) < HeldScalar.Of(MapMath.FlatRange);
        return (maximum.clamp_min(HeldScalar.Of(0)) - minimum.clamp_max(HeldScalar.Of(0))).masked_fill(isFlat, HeldScalar.Of(0)).ToFloats();
    }
}
