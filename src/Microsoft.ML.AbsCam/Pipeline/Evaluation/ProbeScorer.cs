using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Scores the altered images of many probes in full passes: one buffer, filled across probes and rows.</summary>
internal sealed class ProbeScorer : IDisposable
{
    private readonly Func<Tensor, float[]> _score;
    private readonly Tensor _buffer;
    private readonly int _length;
    private readonly (float[] Scores, int Place, int Target)[] _asked;
    private int _filled;

    /// <param name="size">[C,H,W].</param>
    /// <param name="passSize">How many images run at once.</param>
    /// <param name="score">From images [N,C,H,W] to N x classes probabilities.</param>
    public ProbeScorer(long[] size, int passSize, Func<Tensor, float[]> score)
    {
        _score = score;
        // Rows are measured while they are enumerated, and a scope of the caller's may end meanwhile.
        _buffer = empty([passSize, .. size]).DetachFromDisposeScope();
        _length = (int)(size[0] * size[1] * size[2]);
        _asked = new (float[], int, int)[passSize];
    }

    /// <summary>Asks for the class's probability on each image of the probe. They are there after <see cref="Flush"/>.</summary>
    public float[] Ask(PerturbationProbe probe, RowImage row, int target)
    {
        float[] scores = new float[probe.Count(row.Pixels)];
        ProbeImages images = probe.Of(row);
        for (int i = 0; i < scores.Length; i++)
        {
            images.WriteNext(_buffer.Floats().Slice(_filled * _length, _length));
            _asked[_filled++] = (scores, i, target);
            if (_filled == _asked.Length)
            {
                Flush();
            }
        }

        return scores;
    }

    /// <summary>Scores what waits for a pass to fill.</summary>
    public void Flush()
    {
        if (_filled == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        float[] probabilities = _score(_buffer.narrow(0, 0, _filled));
        int classes = probabilities.Length / _filled;
        for (int i = 0; i < _filled; i++)
        {
            (float[] scores, int place, int target) = _asked[i];
            scores[place] = probabilities[(i * classes) + target];
        }

        _filled = 0;
    }

    public void Dispose() => _buffer.Dispose();
}
