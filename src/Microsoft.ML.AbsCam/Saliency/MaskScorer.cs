using Microsoft.ML.AbsCam.Tensors;
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
    private readonly Func<Tensor, Tensor> _score;
    private readonly Tensor _buffer;

    /// <param name="input">The images X [B,3,H,W].</param>
    /// <param name="maps">The maps of each image [B,K,h,w].</param>
    /// <param name="score">From images [N,3,H,W] to probabilities [N,classes].</param>
    /// <param name="passSize">How many masked images run at once.</param>
    /// <param name="background">What shows where a mask is 0 [B,3,H,W]; null for zeros.</param>
    public MaskScorer(Tensor input, Tensor maps, Func<Tensor, Tensor> score, int passSize, Tensor? background = null)
    {
        _background = background;
        _input = background is null ? input : input - background;
        _maps = maps.flatten(0, 1).unsqueeze(1);
        _mapsPerRow = maps.shape[1];
        _score = score;
        PassSize = passSize;
        _buffer = empty([passSize, .. input.shape[1..]], device: input.device);
    }

    public int PassSize { get; }

    /// <summary>Scores the masks made of these maps; at most <see cref="PassSize"/>.</summary>
    public MaskScores Score(IReadOnlyList<(int Row, int Map)> masks)
    {
        using var scope = NewDisposeScope();
        Tensor rows = tensor(masks.Select(mask => (long)mask.Row).ToArray()).to(_input.device);
        Tensor maps = tensor(masks.Select(mask => (mask.Row * _mapsPerRow) + mask.Map).ToArray()).to(_input.device);
        (Tensor mask, Tensor minimum, Tensor divisor) = MapMath.Normalize(MapMath.Upsample(_maps.index_select(0, maps), _input.shape[2], _input.shape[3]));
        Tensor masked = _buffer.narrow(0, 0, masks.Count);
        masked.copy_(_input.index_select(0, rows)).mul_(mask);
        if (_background is not null)
        {
            masked.add_(_background.index_select(0, rows));
        }

        Tensor probabilities = _score(masked);
        return new MaskScores(probabilities.ToFloats(), (int)probabilities.shape[1], minimum.ToFloats(), divisor.ToFloats());
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _maps.Dispose();
    }
}
