using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>Gradients in ONNX Runtime for one imported network: written for a layer when they are first asked for, and tried beside TorchSharp.</summary>
/// <param name="graph">The network.</param>
/// <param name="image">Its input.</param>
/// <param name="scores">Its logits.</param>
/// <param name="trace">A run of two rows.</param>
/// <param name="alone">A run of one row.</param>
internal sealed class GradientEngine(OnnxGraph graph, ImageInput image, ScoreOutput scores, RunTrace trace, RunTrace alone) : IDisposable
{
    /// <summary>Of the greatest number of a gradient: the engines add in another order, and differ by far more where they mean different things.</summary>
    private const double Agreement = 1e-4;

    /// <summary>How many classes are tried.</summary>
    private const int Tried = 4;

    private readonly Dictionary<(string Layer, bool OfClasses), (BackwardRun? Run, string? WhyNot)> _runs = [];

    private int? _cuda;

    /// <inheritdoc cref="ForwardEngine.Move"/>
    public void Move(int? cuda)
    {
        if (cuda != _cuda)
        {
            Dispose();
            _runs.Clear();
            _cuda = cuda;
        }
    }

    /// <summary>The way back to a layer; or why there is none.</summary>
    /// <param name="plan">The layer.</param>
    /// <param name="ofClasses">Whether the gradient is of one score a row, or of any function of them.</param>
    /// <param name="canGive">Whether the way there can hand over the values in these slots.</param>
    public (BackwardRun? Run, string? WhyNot) For(LayerPlan plan, bool ofClasses, Func<IReadOnlyList<int>, bool> canGive)
    {
        if (!_runs.TryGetValue((plan.Name, ofClasses), out (BackwardRun? Run, string? WhyNot) known))
        {
            _runs[(plan.Name, ofClasses)] = known = Try(plan, ofClasses, canGive);
        }

        return known;
    }

    public void Dispose()
    {
        foreach ((BackwardRun? run, _) in _runs.Values)
        {
            run?.Dispose();
        }
    }

    // Whatever goes wrong here, TorchSharp can do without.
    private (BackwardRun? Run, string? WhyNot) Try(LayerPlan plan, bool ofClasses, Func<IReadOnlyList<int>, bool> canGive)
    {
        BackwardRun? run = null;
        string? whyNot;
        try
        {
            run = BackwardRun.Open(graph, plan, new TracedShapes(graph, trace, alone), ofClasses, _cuda);
            whyNot = canGive(run.Reads) ? Disagreement(run, plan, ofClasses) : "the rows of a batch cannot be told apart in a value that the gradients need";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            whyNot = e.GetBaseException().Message.Split('\n')[0].TrimEnd('.');
        }

        if (whyNot is not null)
        {
            run?.Dispose();
            run = null;
        }

        return (run, whyNot);
    }

    // From a made-up value of the layer, so that nothing before it has to run.
    private string? Disagreement(BackwardRun run, LayerPlan plan, bool ofClasses)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] values = graph.NewValues();
        using (no_grad())
        {
            values[graph.SlotOf(image.Name)] = image.Bring(image.MadeUp(trace.Batch));
            plan.Beside.Run(values);
            values[plan.Layer] = MadeUpNumbers.Waves(trace.ShapeOf(plan.Layer)!).to(trace.TypeOf(plan.Layer)!.Value);
        }

        Tensor?[] there = [.. values];
        using (no_grad())
        {
            ExecutionPlan.For(graph, [.. run.Reads, scores.Slot], [graph.SlotOf(image.Name), plan.Layer, .. plan.Boundary]).Run(there);
        }

        Tensor leaf = plan.RunToEnd(values, withGraph: true);
        (Tensor[] expected, Tensor[] seeds) = ofClasses ? OfClasses(plan, leaf, values) : OfFunction(plan, leaf, values);
        double most = 0;
        for (int i = 0; i < seeds.Length; i++)
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor actual = run.Run(seeds[i], slot => there[slot]!, leaf);
            double bound = Agreement * expected[i].abs().max().ToDouble();
            double difference = (actual - expected[i]).abs().max().ToDouble();
            if (!(difference <= bound))
            {
                return FormattableString.Invariant($"it disagrees with TorchSharp on a made-up gradient, by {difference:G3} of {bound / Agreement:G3}");
            }

            most = Math.Max(most, bound);
        }

        return most > 0 ? null : "the gradients of made-up values are all zero, so nothing tells whether they are right";
    }

    private (Tensor[] Expected, Tensor[] Seeds) OfClasses(LayerPlan plan, Tensor leaf, Tensor?[] values)
    {
        int rows = (int)trace.Batch;
        long[][] classes = [.. Enumerable.Range(0, Tried).Select(t => Enumerable.Range(0, rows).Select(row => (long)((t * scores.Numbers / Tried) + row) % scores.Numbers).ToArray())];
        return (plan.Gradients(leaf, values[plan.End]!, classes), [.. classes.Select(asked => HostValues.Of(asked))]);
    }

    private (Tensor[] Expected, Tensor[] Seeds) OfFunction(LayerPlan plan, Tensor leaf, Tensor?[] values)
    {
        // A view that is made without a graph loses its way back.
        using IDisposable grad = enable_grad();
        Tensor outputs = plan.RunFromEnd(values, withGraph: true);
        Tensor seed = MadeUpNumbers.Waves([trace.Batch, scores.Numbers]);
        return (LayerGradients.OfFunction(outputs.reshape(trace.Batch, scores.Numbers).to(ScalarType.Float32), all => (all * seed).sum(1, keepdim: true), leaf, plan.Name), [seed]);
    }
}
