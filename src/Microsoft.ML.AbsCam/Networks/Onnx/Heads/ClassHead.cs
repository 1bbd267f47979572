using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Heads;

/// <summary>
/// The end of a network from its last linear layer on. The score of one class needs only that class's row of weights, so the
/// scores of a few classes a row, and their gradients, cost next to nothing: exactly the same sums, the others left out.
/// </summary>
internal sealed class ClassHead
{
    private readonly OnnxGraph _graph;
    private readonly LinearLayer _linear;
    private readonly GraphStep[] _behind;

    private ClassHead(OnnxGraph graph, LinearLayer linear, GraphStep[] behind)
    {
        _graph = graph;
        _linear = linear;
        _behind = behind;
    }

    /// <summary>The slot of what goes into the last linear layer.</summary>
    public int Input => _linear.Input;

    /// <summary>Walks from the scores backwards over what treats each class by itself; null where no linear layer is met.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="steps">What depends on the feature layer.</param>
    /// <param name="scores">Where the logits are, and how many.</param>
    /// <param name="trace">A run, for shapes.</param>
    public static ClassHead? Find(OnnxGraph graph, IEnumerable<GraphStep> steps, ScoreOutput scores, RunTrace trace)
    {
        Dictionary<int, GraphStep> makers = steps.SelectMany(step => step.Writes.Select(slot => (slot, step))).ToDictionary(pair => pair.slot, pair => pair.step);
        List<GraphStep> behind = [];
        for (int slot = scores.Slot; makers.TryGetValue(slot, out GraphStep? step) && step.OutputSlots[0] == slot; slot = step.InputSlots[0])
        {
            if (LinearLayer.Of(graph, step, makers, scores.Classes, trace) is LinearLayer linear)
            {
                behind.Reverse();
                return new ClassHead(graph, linear, [.. behind]);
            }

            bool isAside = step.Reads.Skip(1).All(graph.Constants.ContainsKey) && trace.ShapeOf(step.InputSlots[0]) is [_, long channels, ..] && channels == scores.Classes;
            if (isAside && behind.Count == 0 && step.Definition.Is(OperatorTraits.SameNumbers) && trace.ShapeOf(step.InputSlots[0])!.Skip(2).All(size => size == 1))
            {
                // Only lays out the scores, which come out as [rows, targets] anyway.
                continue;
            }

            if (!isAside || !step.Definition.Is(OperatorTraits.ChannelsApart) || trace.ShapeOf(slot) is not [_, long kept, ..] || kept != scores.Classes)
            {
                return null;
            }

            behind.Add(step);
        }

        return null;
    }

    /// <summary>The scores of the classes [B,T], of the linear layer's input.</summary>
    public Tensor Scores(Tensor input, Tensor classes)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] values = _graph.NewValues();
        Tensor scores = _linear.Rows(input, classes);
        foreach (GraphStep step in _behind)
        {
            values[step.InputSlots[0]] = scores;
            step.Run(values);
            scores = values[step.OutputSlots[0]]!;
        }

        return scores.reshape(classes.shape).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the gradient of a class's score with respect to <see cref="Input"/>, times a weight.</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="seed">The class of each row, and its weight.</param>
    /// <param name="shapes">What is known of the values.</param>
    public string WriteGradient(NodeWriter writer, ScoreSeed seed, Func<int, ValueShape> shapes)
    {
        ValueShape input = shapes(Input);
        int rank = _behind is [.., GraphStep last] ? shapes(last.OutputSlots[0]).Rank : input.Rank;
        string gradient = writer.Reshape(seed.Weights, [-1, .. Enumerable.Repeat(1L, rank - 1)]);
        gradient = ReversePass.WriteOneChannel(_graph, _behind, seed.Classes, gradient, shapes, writer);
        return _linear.WriteGradient(writer, seed.Classes, gradient, input.ElementType);
    }
}
