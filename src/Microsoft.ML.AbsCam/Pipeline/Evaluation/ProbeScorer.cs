using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Scores the altered images of many probes in full passes: one buffer, filled across probes and rows.</summary>
internal sealed class ProbeScorer : IDisposable
{
    private readonly Func<Tensor, int[], bool[], float[]> _score;
    private readonly Tensor _buffer;
    private readonly int _length;
    private readonly (float[] Scores, int Place, int Row, bool AsksForHighest)[] _asked;
    private int _filled;

    /// <param name="size">[C,H,W].</param>
    /// <param name="passSize">How many images run at once.</param>
    /// <param name="score">From images [N,C,H,W], the rows that they were made of, and whether it is asked if the rows' targets are the highest, to what they come to.</param>
    public ProbeScorer(long[] size, int passSize, Func<Tensor, int[], bool[], float[]> score)
    {
        _score = score;
        // Rows are measured while they are enumerated, and a scope of the caller's may end meanwhile.
        _buffer = empty([passSize, .. size]).DetachFromDisposeScope();
        _length = (int)(size[0] * size[1] * size[2]);
        _asked = new (float[], int, int, bool)[passSize];
    }

    /// <summary>Asks for what the target scores on each image of the probe. They are there after <see cref="Flush"/>.</summary>
    /// <param name="probe">What alters the image.</param>
    /// <param name="image">The row's image.</param>
    /// <param name="row">Its place in the batch.</param>
    public float[] Ask(PerturbationProbe probe, RowImage image, int row)
    {
        float[] scores = new float[probe.Count(image.Pixels)];
        ProbeImages images = probe.Of(image);
        for (int i = 0; i < scores.Length; i++)
        {
            images.WriteNext(_buffer.Floats().Slice(_filled * _length, _length));
            _asked[_filled++] = (scores, i, row, probe.AsksForHighest);
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
        float[] scores = _score(_buffer.narrow(0, 0, _filled), [.. _asked.Take(_filled).Select(asked => asked.Row)], [.. _asked.Take(_filled).Select(asked => asked.AsksForHighest)]);
        for (int i = 0; i < _filled; i++)
        {
            _asked[i].Scores[_asked[i].Place] = scores[i];
        }

        _filled = 0;
    }

    public void Dispose() => _buffer.Dispose();
}
