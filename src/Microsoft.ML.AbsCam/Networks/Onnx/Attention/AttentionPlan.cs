using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Attention;

/// <summary>
/// Where a network's tokens attend to all tokens: values whose last two axes are tokens, that are multiplied with others from the left, and whose rows turn out to be
/// shares that add up to 1 on a made-up image.
/// </summary>
internal sealed class AttentionPlan
{
    private const double Rounding = 1e-4;

    private readonly OnnxGraph _graph;
    private readonly int _input;
    private readonly ScoreOutput _scores;
    private readonly PlaceLayout _layout;
    private readonly int[] _matrices;
    private readonly ExecutionPlan _plan;
    private readonly bool[] _read;

    private AttentionPlan(OnnxGraph graph, int input, ImageInput image, ScoreOutput scores, PlaceLayout layout, int[] matrices, long batch)
    {
        (_graph, _input, _scores, _layout) = (graph, input, scores, layout);
        using DisposeScope scope = NewDisposeScope();
        Tensor images = image.Bring(image.MadeUp(batch));
        _matrices = [.. matrices.Zip(Run(PlanOf(matrices), matrices, [images], withGraph: false).Matrices).Where(pair => AreShares(pair.Second)).Select(pair => pair.First)];
        _plan = PlanOf(_matrices);
        _read = _matrices.Length == 0 || image.Levels is not null ? new bool[layout.Tokens] : Read(Run(_plan, _matrices, [images], withGraph: true));
    }

    /// <returns>Null where the network has no such values, and then why, as the end of a sentence.</returns>
    public static (AttentionPlan? Plan, string Why) Find(OnnxGraph graph, ExecutionPlan whole, int input, ImageInput image, ScoreOutput scores, IEnumerable<PlaceLayout> layouts, RunTrace trace)
    {
        // The last tokens may be a part of those that attend, as where a class token is cut off.
        PlaceLayout[] ofTokens = [.. layouts.Where(layout => layout.Tokens > 0).Reverse().DistinctBy(layout => layout.Tokens)];
        if (ofTokens.Length == 0)
        {
            return (null, "it has no tokens that are places of the image");
        }

        if (whole.Steps.Any(step => step.Node.Operator == "Attention"))
        {
            return (null, "its attention is one operator, whose matrices cannot be seen. Export it with attention written out");
        }

        foreach (PlaceLayout layout in ofTokens)
        {
            int[] candidates = [.. whole.Steps.Where(step => step.Node.Operator == "MatMul").Select(step => step.InputSlots[0]).Distinct().Where(slot => trace.IsReal(slot) && IsOf(layout, trace.ShapeOf(slot)!, trace.Batch))];
            if (candidates.Length > 0 && new AttentionPlan(graph, input, image, scores, layout, candidates, trace.Batch) is { _matrices.Length: > 0 } plan)
            {
                return (plan, "");
            }
        }

        return (null, $"none of its values are shares in which each of its {ofTokens[^1].Tokens} tokens attends to all of them, as where tokens attend within windows, or are mixed otherwise");
    }

    /// <param name="runs">The images as the network wants them: all of them, or one a run.</param>
    /// <param name="withGraph">Whether gradients will be asked for; then the images require one.</param>
    public AttentionPass Run(IReadOnlyList<Tensor> runs, bool withGraph) => Run(_plan, _matrices, runs, withGraph);

    private ExecutionPlan PlanOf(int[] matrices) => ExecutionPlan.For(_graph, [_scores.Slot, .. matrices], [_input]);

    private AttentionPass Run(ExecutionPlan plan, int[] matrices, IReadOnlyList<Tensor> runs, bool withGraph)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = set_grad_enabled(withGraph);
        var taken = new Tensor[runs.Count][];
        var outputs = new Tensor[runs.Count];
        for (int i = 0; i < runs.Count; i++)
        {
            Tensor?[] values = _graph.NewValues();
            values[_input] = withGraph ? runs[i].detach().requires_grad_(true) : runs[i];
            plan.Run(values);
            taken[i] = [.. matrices.Select(slot => values[slot]!)];
            outputs[i] = values[_scores.Slot]!.reshape(runs[i].shape[0], _scores.Numbers).to(ScalarType.Float32);
        }

        Tensor all = outputs.Length == 1 ? outputs[0] : cat(outputs);
        scope.MoveToOuter([.. taken.SelectMany(blocks => blocks), all]);
        return new AttentionPass(taken, all, _read, tokens => _layout.PresentTokens(tokens.unsqueeze(1)).squeeze(1));
    }

    // [batch, heads, tokens, tokens] or [batch heads, tokens, tokens].
    private static bool IsOf(PlaceLayout layout, long[] shape, long batch)
        => shape is [.., long rows, long columns] && rows == layout.Tokens && columns == layout.Tokens && (shape.Length == 4 ? shape[0] == batch : shape.Length == 3 && shape[0] % batch == 0);

    private static bool AreShares(Tensor matrix)
        => (matrix.min() >= HeldScalar.Of(-Rounding)).item<bool>() && (matrix.sum(-1).sub(HeldScalar.One).abs().max() <= HeldScalar.Of(Rounding)).item<bool>();

    // Only what the scores read of the last matrix has a gradient.
    private static bool[] Read(AttentionPass pass)
    {
        Tensor last = pass.Gradients(outputs => outputs.mul(MadeUpNumbers.Waves(outputs.shape)).sum(1, keepdim: true))[0][^1];
        return last.abs().amax([0, 1, 3]).ne(HeldScalar.Of(0)).data<bool>().ToArray();
    }
}
