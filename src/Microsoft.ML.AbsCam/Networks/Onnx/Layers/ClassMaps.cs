using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Tells maps of scores from maps of features. Both may have as many channels as the network has outputs: a convolution with one channel
/// a class ends some classifiers, and a network without a classifier gives out its features as they are.
/// </summary>
internal sealed class ClassMaps
{
    private readonly OnnxGraph _graph;
    private readonly ScoreOutput _scores;
    private readonly HashSet<int> _weighedLater = [];
    private readonly HashSet<int> _likeScores = [];
    private readonly HashSet<int> _ofDepthwise = [];

    public ClassMaps(OnnxGraph graph, IReadOnlyList<GraphStep> steps, ScoreOutput scores)
    {
        (_graph, _scores) = (graph, scores);
        foreach (GraphStep step in steps.Reverse())
        {
            if ((step.Definition.Weighs && !EvenWeights.Has(graph, step)) || step.Writes.Any(_weighedLater.Contains))
            {
                _weighedLater.UnionWith(step.Reads);
            }
        }

        foreach (GraphStep step in steps)
        {
            int from = step.Reads.FirstOrDefault(slot => !graph.Constants.ContainsKey(slot), GraphStep.Absent);
            if (IsOfEachPixel(step) ? !_ofDepthwise.Contains(from) : _likeScores.Contains(from) && LeavesScores(step))
            {
                _likeScores.UnionWith(step.Writes);
            }

            if (IsDepthwise(step) || (_ofDepthwise.Contains(from) && LeavesFeatures(step)))
            {
                _ofDepthwise.UnionWith(step.Writes);
            }
        }
    }

    /// <summary>
    /// Whether the map holds one channel a class: as many channels as there are scores, nothing weighed from there to the scores, and made by
    /// a classifier. That is certain where the scores become probabilities, and where one channel is one score, since nobody describes an image
    /// by one number; else it is a sum of each pixel's channels by itself that no norm and
    /// no activation but ReLU follows, and that is not the second half of a separable convolution. Where the output itself holds maps or boxes, it is
    /// everything behind the last weights.
    /// </summary>
    public bool AreClasses(FeatureMap map) =>
        !_scores.IsVector ? !_weighedLater.Contains(map.Slot) : map.Channels == _scores.Classes
        && !_weighedLater.Contains(map.Slot)
        && (_scores.BecomeProbabilities || _scores.Classes == 1 || _likeScores.Contains(map.Slot));

    /// <summary>Whether the map could as well hold one channel a class: nothing but its making tells it from such a one.</summary>
    public bool MayBeClasses(FeatureMap map) => _scores.IsVector && map.Channels == _scores.Classes && !_weighedLater.Contains(map.Slot);

    private bool LeavesScores(GraphStep step) =>
        step.Definition.Is(OperatorTraits.SameNumbers) || step.Definition.Is(OperatorTraits.Pools) || step.Node.Operator is "Relu" || IsScaling(step);

    private bool LeavesFeatures(GraphStep step) =>
        step.Definition.Is(OperatorTraits.SameNumbers) || step.Definition.Is(OperatorTraits.Pointwise) || step.Definition.Learnt.Scale is not null || IsScaling(step);

    // A sum or a product with constants only.
    private bool IsScaling(GraphStep step) =>
        step.Definition.Axes == AxisRules.Broadcast && step.Reads.Count(slot => !_graph.Constants.ContainsKey(slot)) == 1;

    private bool IsOfEachPixel(GraphStep step) => step.Definition.Weighs && WeightsOf(step) is long[] shape && shape.Skip(2).All(size => size == 1);

    private bool IsDepthwise(GraphStep step) => step.Node.Attributes.Int("group", 1) > 1 && WeightsOf(step) is [_, 1, ..];

    private long[]? WeightsOf(GraphStep step) => step.Definition.Learnt.Weights
        .Where(input => input < step.InputSlots.Length)
        .Select(input => _graph.Constants.TryGetValue(step.InputSlots[input], out Tensor? weights) ? weights.shape : null)
        .FirstOrDefault(shape => shape is not null);
}
