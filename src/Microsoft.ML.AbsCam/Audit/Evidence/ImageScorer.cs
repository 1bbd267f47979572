using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Pipeline.Evaluation;
using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>Asks the network for the probabilities of all classes of pictures, and what lies under their maps, in full passes.</summary>
internal sealed class ImageScorer : IDisposable
{
    private readonly EvaluationPlan _plan;
    private readonly ScoreReading _reading;
    private readonly Tensor _buffer;
    private readonly int _length;
    private readonly string? _layer;
    private readonly AnswerJournal? _journal;
    private readonly Tensor _maps;
    private readonly Reply[] _replies;
    private readonly Action<float[]>?[] _unders;
    private int _filled;

    /// <param name="plan">What scores.</param>
    /// <param name="frame">The size of a picture.</param>
    /// <param name="layer">The layer of which is told what lies under maps; null where nobody will ask.</param>
    /// <param name="journal">What keeps the answers; null where nothing does.</param>
    public ImageScorer(EvaluationPlan plan, InputFrame frame, string? layer = null, AnswerJournal? journal = null)
    {
        (_plan, _length, _layer, _journal) = (plan, frame.Length, layer, journal);
        _maps = empty(layer is null ? [0] : [plan.Options.PassSize, 1, frame.Height, frame.Width]).DetachFromDisposeScope();
        _unders = new Action<float[]>?[plan.Options.PassSize];
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
    public void Ask(ReadOnlySpan<float> picture, Reply reply) => Ask(picture, [], null, reply);

    /// <param name="picture">[planes, height, width]; it is copied.</param>
    /// <param name="map">The picture's map [height, width], copied as well; empty where nobody asks what lies under it.</param>
    /// <param name="under">What is done with the layer's activations, averaged with the map as weights; called before the reply.</param>
    /// <param name="reply">Called once its pass is full, or at <see cref="Flush"/>.</param>
    public void Ask(ReadOnlySpan<float> picture, ReadOnlySpan<float> map, Action<float[]>? under, Reply reply)
    {
        if (under is not null)
        {
            map.CopyTo(_maps.Floats().Slice(_filled * map.Length, map.Length));
        }

        _unders[_filled] = under;
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

        float[] answer = _journal is null ? Answer() : _journal.Of(Question(), Answer);
        int channels = (answer.Length / _filled) - ClassCount;
        for (int i = 0; i < _filled && channels > 0; i++)
        {
            _unders[i]?.Invoke(answer[((_filled * ClassCount) + (i * channels))..((_filled * ClassCount) + ((i + 1) * channels))]);
        }

        for (int i = 0; i < _filled; i++)
        {
            _replies[i](answer.AsSpan(i * ClassCount, ClassCount));
        }

        Scored += _filled;
        _filled = 0;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _maps.Dispose();
    }

    /// <summary>The probabilities of all classes of the pictures that wait, picture by picture, and behind them, where somebody asks, what lies under their maps.</summary>
    private float[] Answer()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor images = _buffer.narrow(0, 0, _filled);
        if (!AsksUnder)
        {
            return Probabilities(_plan.Run(images));
        }

        LayerPass pass = _plan.RunFromLayer(images, _layer!);
        Tensor activation = pass.Activation.detach().to(ScalarType.Float32).cpu();
        float[] features = MapMath.HeatFeatures(_maps.narrow(0, 0, _filled), activation).ToFloats();
        return [.. Probabilities(pass.Logits.detach()), .. features];
    }

    private bool AsksUnder => _unders.Take(_filled).Any(under => under is not null);

    private float[] Probabilities(Tensor outputs) => _reading.Probabilities(_reading.Logits(outputs)).ToFloats();

    /// <summary>A hash of the pictures that wait and of what is asked of them.</summary>
    private byte[] Question()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(_buffer.Floats()[..(_filled * _length)]));
        if (AsksUnder)
        {
            hash.AppendData(MemoryMarshal.AsBytes(_maps.Floats()[..(_filled * (int)(_maps.numel() / _replies.Length))]));
        }

        return hash.GetHashAndReset();
    }
}
