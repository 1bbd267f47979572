using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>Gradients of TorchSharp at a made-up value of a layer, so that nothing before it has to run: what a way back is tried beside.</summary>
internal sealed class MadeUpGradients
{
    /// <summary>How many classes are tried.</summary>
    private const int Tried = 4;

    private readonly OnnxGraph _graph;
    private readonly int[] _given;
    private readonly Tensor?[] _values;

    /// <param name="graph">The network.</param>
    /// <param name="image">Its input.</param>
    /// <param name="scores">Its logits.</param>
    /// <param name="trace">A run, for shapes.</param>
    /// <param name="plan">The layer.</param>
    /// <param name="ofClasses">Whether gradients are of one score a row, or of a function of them.</param>
    public MadeUpGradients(OnnxGraph graph, ImageInput image, ScoreOutput scores, RunTrace trace, LayerPlan plan, bool ofClasses)
    {
        _graph = graph;
        _given = [graph.SlotOf(image.Name), plan.Layer, .. plan.Boundary];
        Tensor?[] values = graph.NewValues();
        using (no_grad())
        {
            values[graph.SlotOf(image.Name)] = image.Bring(image.MadeUp(trace.Batch));
            plan.Beside.Run(values);
            values[plan.Layer] = MadeUpNumbers.Waves(trace.ShapeOf(plan.Layer)!).to(trace.TypeOf(plan.Layer)!.Value);
        }

        _values = [.. values];
        Tensor leaf = plan.RunToEnd(values, withGraph: true);
        (Gradients, Seeds) = ofClasses ? OfClasses(plan, leaf, values[plan.End]!, scores.Numbers, (int)trace.Batch) : OfFunction(plan, leaf, values, scores.Numbers, trace.Batch);
    }

    /// <summary>What the gradients are of: the class of each row, or the gradient with respect to the scores.</summary>
    public IReadOnlyList<Tensor> Seeds { get; }

    /// <summary>The gradient of each seed [batch, channels, height, width].</summary>
    public IReadOnlyList<Tensor> Gradients { get; }

    /// <summary>The values in these slots, on the way from the layer.</summary>
    public Tensor?[] ValuesOf(IReadOnlyList<int> slots)
    {
        using IDisposable noGrad = no_grad();
        Tensor?[] values = [.. _values];
        ExecutionPlan.For(_graph, [.. slots], _given).Run(values);
        return values;
    }

    private static (Tensor[] Gradients, Tensor[] Seeds) OfClasses(LayerPlan plan, Tensor leaf, Tensor end, int scores, int rows)
    {
        long[][] classes = [.. Enumerable.Range(0, Tried).Select(t => Enumerable.Range(0, rows).Select(row => (long)((t * scores / Tried) + row) % scores).ToArray())];
        return (plan.Gradients(leaf, end, classes), [.. classes.Select(asked => HostValues.Of(asked))]);
    }

    private static (Tensor[] Gradients, Tensor[] Seeds) OfFunction(LayerPlan plan, Tensor leaf, Tensor?[] values, int scores, long rows)
    {
        // A view that is made without a graph loses its way back.
        using IDisposable grad = enable_grad();
        Tensor outputs = plan.RunFromEnd(values, withGraph: true);
        Tensor seed = MadeUpNumbers.Waves([rows, scores]);
        return (LayerGradients.OfFunction(outputs.reshape(rows, scores).to(ScalarType.Float32), all => (all * seed).sum(1, keepdim: true), leaf, plan.Name), [seed]);
    }
}
