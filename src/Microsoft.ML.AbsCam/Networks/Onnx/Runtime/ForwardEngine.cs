using Microsoft.ML.AbsCam.Networks.Onnx.Batches;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>
/// ONNX Runtime for one imported network: opened when it is first asked for, tried beside TorchSharp, and opened anew where another
/// layer's values are asked for. Runs and openings take turns.
/// </summary>
internal sealed class ForwardEngine : IDisposable
{
    /// <summary>Of the greatest score: the engines add in another order, and differ by far more where they mean different things.</summary>
    private const double Agreement = 1e-4;

    /// <summary>As many numbers as TorchSharp may put into one value here.</summary>
    private const long MostOfValue = TensorSizes.MostOfValue;

    private readonly OnnxGraph _graph;
    private readonly ImageInput _image;
    private readonly ScoreOutput _scores;
    private readonly BatchShapes? _shapes;
    private readonly float[] _expected;
    private readonly HashSet<int> _outputs;
    private RuntimeSession? _session;
    private string? _whyNot;
    private int? _cuda;

    /// <param name="graph">The network.</param>
    /// <param name="image">Its input.</param>
    /// <param name="scores">Its logits.</param>
    /// <param name="alone">A run of one row.</param>
    /// <param name="together">A run of two rows and its scores; null where rows run one by one.</param>
    public ForwardEngine(OnnxGraph graph, ImageInput image, ScoreOutput scores, RunTrace alone, (RunTrace Trace, Tensor Scores)? together)
    {
        (_graph, _image, _scores) = (graph, image, scores);
        _outputs = [scores.Slot];
        _shapes = together is { } run ? new BatchShapes(alone, run.Trace) : null;
        _expected = together is { } both ? both.Scores.ToFloats() : [];
    }

    /// <summary>Takes another device: a CUDA device by its number, or null for the CPU. What is open is closed.</summary>
    public void Move(int? cuda)
    {
        if (cuda != _cuda)
        {
            _session?.Dispose();
            (_session, _whyNot, _cuda) = (null, null, cuda);
        }
    }

    /// <summary>Whether these values can be had of a batch.</summary>
    public bool CanGive(IReadOnlyList<int> values) => _shapes is not null && values.All(slot => _shapes.Of(slot, 1) is not null);

    /// <summary>Opens it with these values and the logits as outputs.</summary>
    /// <returns>Null where it is open, else why it cannot be.</returns>
    public string? Open(IReadOnlyList<int> values)
    {
        if (!CanGive([.. values, _scores.Slot]))
        {
            return "its size does not follow that of the batch in a value that is needed";
        }

        if (_whyNot is null && (_session is null || !_outputs.IsSupersetOf(values)))
        {
            _session?.Dispose();
            _session = null;
            _outputs.UnionWith(values);
            _whyNot = Try();
        }

        return _whyNot;
    }

    /// <summary>Whether it is open, and the batch is small enough for the network's largest value.</summary>
    public bool Takes(Tensor images) => _session is not null && images.shape[0] <= MostOfValue / Math.Max(_shapes!.LargestOfRow, 1);

    /// <summary>Runs the images, as the network wants them laid out, and gives back the values in the slots.</summary>
    public Tensor[] Run(Tensor images, IReadOnlyList<int> slots)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = images.shape[0];
        Tensor[] results = [.. slots.Select(slot => empty(_shapes!.Of(slot, rows)!, _shapes.TypeOf(slot)))];
        _session!.Run([images.contiguous()], [.. slots.Select(_graph.NameOf)], results);
        scope.MoveToOuter(results);
        return results;
    }

    public void Dispose() => _session?.Dispose();

    // Whatever goes wrong here, a missing library or a refused network, TorchSharp can do without.
    private string? Try()
    {
        try
        {
            _session = RuntimeSession.Open(RuntimeModel.Of(_graph, _image, [.. _outputs]), [_image.Name], get_num_threads(), _cuda);
            return Disagreement();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.GetBaseException().Message.Split('\n')[0].TrimEnd('.');
        }
        finally
        {
            if (_session is null)
            {
                _outputs.IntersectWith([_scores.Slot]);
            }
        }
    }

    private string? Disagreement()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        float[] actual = Run(_image.Bring(_image.MadeUp(2)), [_scores.Slot])[0].ToFloats();
        double bound = Agreement * _expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        int at = Array.FindIndex([.. Enumerable.Range(0, actual.Length)], i => !actual[i].Equals(_expected[i]) && !(Math.Abs(actual[i] - _expected[i]) <= bound));
        if (at < 0)
        {
            return null;
        }

        _session!.Dispose();
        _session = null;
        return FormattableString.Invariant($"it disagrees with TorchSharp on a made-up image, {actual[at]} instead of {_expected[at]}");
    }
}
