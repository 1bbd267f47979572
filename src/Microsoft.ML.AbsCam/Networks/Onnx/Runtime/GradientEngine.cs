using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
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
            using DisposeScope scope = NewDisposeScope();
            var madeUp = new MadeUpGradients(graph, image, scores, trace, plan, ofClasses);
            run = BackwardRun.Open(graph, plan, new TracedShapes(graph, trace, alone), ofClasses, madeUp.Gradients[0], _cuda);
            whyNot = canGive(run.Reads) ? Disagreement(run, madeUp) : "the rows of a batch cannot be told apart in a value that the gradients need";
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

    private static string? Disagreement(BackwardRun run, MadeUpGradients madeUp)
    {
        Tensor?[] values = madeUp.ValuesOf(run.Reads);
        double most = 0;
        for (int i = 0; i < madeUp.Gradients.Count; i++)
        {
            using DisposeScope inner = NewDisposeScope();
            double bound = Agreement * madeUp.Gradients[i].abs().max().ToDouble();
            double difference = (run.Run(madeUp.Seeds[i], slot => values[slot]!) - madeUp.Gradients[i]).abs().max().ToDouble();
            if (!(difference <= bound))
            {
                return FormattableString.Invariant($"it disagrees with TorchSharp on a made-up gradient, by {difference:G3} of {bound / Agreement:G3}");
            }

            most = Math.Max(most, bound);
        }

        return most > 0 ? null : "the gradients of made-up values are all zero, so nothing tells whether they are right";
    }
}
