using Microsoft.ML.AbsCam.Networks.Onnx.Operators;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Tells maps of scores from maps of features. Both may have as many channels as the network has outputs: a convolution with one channel
/// a class ends some classifiers, and a network without a classifier gives out its features as they are.
/// </summary>
internal sealed class ClassMaps
{
    private readonly OnnxGraph _graph;
    private readonly GraphReaders _readers;
    private readonly ScoreOutput _scores;
    private readonly HashSet<int> _weighedLater = [];

    public ClassMaps(OnnxGraph graph, IReadOnlyList<GraphStep> steps, GraphReaders readers, ScoreOutput scores)
    {
        (_graph, _readers, _scores) = (graph, readers, scores);
        foreach (GraphStep step in steps.Reverse())
        {
            if (step.Definition.Weighs || step.Writes.Any(_weighedLater.Contains))
            {
                _weighedLater.UnionWith(step.Reads);
            }
        }
    }

    /// <summary>
    /// Whether the map holds one channel a class: as many channels as there are scores, nothing weighed from there to the scores, and made by
    /// a classifier. That is certain where the scores become probabilities; else it is a sum of each pixel's channels by itself that no norm and
    /// no activation but ReLU follows, and that is not the second half of a separable convolution.
    /// </summary>
    public bool AreClasses(FeatureMap map)
    {
        if (map.Channels != _scores.Classes || _weighedLater.Contains(map.Slot))
        {
            return false;
        }

        if (_scores.EndsInSoftmax || _scores.EndsInSigmoid)
        {
            return true;
        }

        GraphStep? step = map.Step;
        while (step is not null && !step.Definition.Weighs)
        {
            if (!(step.Definition.Is(OperatorTraits.SameNumbers) || step.Definition.Is(OperatorTraits.Pools) || step.Node.Operator is "Relu" || IsBias(step)))
            {
                return false;
            }

            step = _readers.Maker(DataOf(step));
        }

        return step is not null && IsOfEachPixel(step) && !(_readers.Maker(SourceOf(step)) is GraphStep before && IsDepthwise(before));
    }

    // A sum or a product with constants only.
    private bool IsBias(GraphStep step) => step.Node.Operator is "Add" or "Sub" or "Mul" or "Div" && step.Reads.Count(slot => !_graph.Constants.ContainsKey(slot)) == 1;

    private int DataOf(GraphStep step) => step.Reads.FirstOrDefault(slot => !_graph.Constants.ContainsKey(slot), GraphStep.Absent);

    // What the weights read, through what only activates, normalises or hands on.
    private int SourceOf(GraphStep step)
    {
        int slot = DataOf(step);
        while (_readers.Maker(slot) is GraphStep maker && !maker.Definition.Weighs
            && (maker.Definition.Is(OperatorTraits.SameNumbers) || maker.Definition.Is(OperatorTraits.Pointwise) || maker.Definition.Learnt.Scale is not null || IsBias(maker)))
        {
            slot = DataOf(maker);
        }

        return slot;
    }

    private bool IsOfEachPixel(GraphStep step) =>
        step.Definition.Learnt.Weights.Where(input => _graph.Constants.ContainsKey(step.InputSlots[input])).Select(input => _graph.Constants[step.InputSlots[input]]).FirstOrDefault() is Tensor weights
        && weights.shape.Skip(2).All(size => size == 1);

    private bool IsDepthwise(GraphStep step) =>
        step.Node.Attributes.Int("group", 1) > 1 && _graph.Constants.TryGetValue(step.InputSlots[1], out Tensor? weights) && weights.shape[1] == 1;
}
