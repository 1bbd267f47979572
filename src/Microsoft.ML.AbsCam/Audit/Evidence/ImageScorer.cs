using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Pipeline.Evaluation;
using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>Asks the network for the probabilities of all classes of pictures, in full passes.</summary>
internal sealed class ImageScorer : IDisposable
{
    private readonly EvaluationPlan _plan;
    private readonly ScoreReading _reading;
    private readonly Tensor _buffer;
    private readonly int _length;
    private readonly Reply[] _replies;
    private int _filled;

    /// <param name="plan">What scores.</param>
    /// <param name="frame">The size of a picture.</param>
    public ImageScorer(EvaluationPlan plan, InputFrame frame)
    {
        (_plan, _length) = (plan, frame.Length);
        _reading = ScoreReading.Of(plan.Network, plan.Explain.ScoreRule);
        _buffer = empty([plan.Options.PassSize, frame.Planes, frame.Height, frame.Width]).DetachFromDisposeScope();
        _replies = new Reply[plan.Options.PassSize];
    }

    /// <summary>What is done with the probabilities of a picture's classes.</summary>
    public delegate void Reply(ReadOnlySpan<float> probabilities);

    public int ClassCount => _reading.ClassCount;

    /// <summary>How many pictures were scored.</summary>
    public long Scored { get; private set; }

    /// <param name="picture">[planes, height, width]; it is copied.</param>
    /// <param name="reply">Called once its pass is full, or at <see cref="Flush"/>.</param>
    public void Ask(ReadOnlySpan<float> picture, Reply reply)
    {
        picture.CopyTo(_buffer.Floats().Slice(_filled * _length, _length));
        _replies[_filled++] = reply;
        if (_filled == _replies.Length)
        {
            Flush();
        }
    }

    /// <summary>Scores what waits for a pass to fill.</summary>
    public void Flush()
    {
        if (_filled == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor outputs = _plan.Run(_buffer.narrow(0, 0, _filled));
        ReadOnlySpan<float> probabilities = _reading.Probabilities(_reading.Logits(outputs)).ToFloats();
        for (int i = 0; i < _filled; i++)
        {
            _replies[i](probabilities.Slice(i * ClassCount, ClassCount));
        }

        Scored += _filled;
        _filled = 0;
    }

    public void Dispose() => _buffer.Dispose();
}
