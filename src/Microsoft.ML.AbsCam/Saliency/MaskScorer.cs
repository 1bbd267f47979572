using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// Multiplies images by masks made of maps and asks the network for the probabilities of the result, p(X * norm(up(m))),
/// or p(X * m + background * (1 - m)).
/// One pass holds at most <see cref="PassSize"/> masked images in one buffer, whatever the number of maps.
/// </summary>
internal sealed class MaskScorer : IDisposable
{
    private readonly Tensor _input;
    private readonly Tensor? _background;
    private readonly Tensor _maps;
    private readonly long _mapsPerRow;
    private readonly ScoreOfRows _score;
    private readonly Tensor _buffer;
    private readonly MaskPainter? _painter;

    /// <param name="input">The images X [B,3,H,W].</param>
    /// <param name="maps">The maps of each image [B,K,h,w].</param>
    /// <param name="score">What scores the masked images.</param>
    /// <param name="passSize">How many masked images run at once.</param>
    /// <param name="background">What shows where a mask is 0 [B,3,H,W]; null for zeros.</param>
    public MaskScorer(Tensor input, Tensor maps, ScoreOfRows score, int passSize, Tensor? background = null)
    {
        using DisposeScope scope = NewDisposeScope();
        _background = background?.contiguous().DetachFromDisposeScope();
        _input = (background is null ? input.alias() : input - background).contiguous().DetachFromDisposeScope();
        _maps = maps.flatten(0, 1).unsqueeze(1).contiguous().DetachFromDisposeScope();
        _mapsPerRow = maps.shape[1];
        _score = score;
        PassSize = passSize;
        _buffer = empty([passSize, .. input.shape[1..]], device: input.device).DetachFromDisposeScope();
        _painter = input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32 && maps.dtype == ScalarType.Float32
            ? new MaskPainter((int)maps.shape[2], (int)maps.shape[3], (int)input.shape[2], (int)input.shape[3])
            : null;
    }

    /// <summary>From images [N,3,H,W], and the rows that they were made of, to the probabilities of these rows' targets [N,T].</summary>
    public delegate Tensor ScoreOfRows(Tensor images, ReadOnlySpan<int> rows);

    public int PassSize { get; }

    /// <summary>Scores the masks made of these maps; at most <see cref="PassSize"/>.</summary>
    public MaskScores Score(IReadOnlyList<(int Row, int Map)> masks)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor masked = _buffer.narrow(0, 0, masks.Count);
        (float[] minimum, float[] divisor) = _painter is null ? Mask(masks, masked) : Paint(_painter, masks, masked);
        Tensor probabilities = _score(masked, [.. masks.Select(mask => mask.Row)]);
        return new MaskScores(probabilities.ToFloats(), (int)probabilities.shape[1], minimum, divisor);
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _maps.Dispose();
        _input.Dispose();
        _background?.Dispose();
    }

    private (float[] Minimum, float[] Divisor) Paint(MaskPainter painter, IReadOnlyList<(int Row, int Map)> masks, Tensor masked)
    {
        float[] minimum = new float[masks.Count];
        float[] divisor = new float[masks.Count];
        Span<float> into = masked.Floats();
        ReadOnlySpan<float> images = _input.Floats();
        ReadOnlySpan<float> behind = _background is null ? [] : _background.Floats();
        ReadOnlySpan<float> maps = _maps.Floats();
        int mapSize = (int)(_maps.shape[2] * _maps.shape[3]);
        int imageSize = into.Length / masks.Count;
        for (int i = 0; i < masks.Count; i++)
        {
            (int row, int map) = masks[i];
            (minimum[i], divisor[i]) = painter.Paint(
                maps.Slice((int)((row * _mapsPerRow) + map) * mapSize, mapSize),
                images.Slice(row * imageSize, imageSize),
                behind.IsEmpty ? [] : behind.Slice(row * imageSize, imageSize),
                into.Slice(i * imageSize, imageSize));
        }

        return (minimum, divisor);
    }

    private (float[] Minimum, float[] Divisor) Mask(IReadOnlyList<(int Row, int Map)> masks, Tensor masked)
    {
        Tensor rows = tensor(masks.Select(mask => (long)mask.Row).ToArray()).to(_input.device);
        Tensor maps = tensor(masks.Select(mask => (mask.Row * _mapsPerRow) + mask.Map).ToArray()).to(_input.device);
        (Tensor mask, Tensor minimum, Tensor divisor) = MapMath.Normalize(MapMath.Upsample(_maps.index_select(0, maps), _input.shape[2], _input.shape[3]));
        masked.copy_(_input.index_select(0, rows)).mul_(mask);
        if (_background is not null)
        {
            masked.PlusInPlace(_background.index_select(0, rows));
        }

        return (minimum.ToFloats(), divisor.ToFloats());
    }
}
