using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Biases;

/// <summary>The biases of a network: what each of its nodes gives where all that comes of the image is zero.</summary>
internal sealed class BiasPlan
{
    private readonly OnnxGraph _graph;
    private readonly int _input;
    private readonly ImageInput _image;
    private readonly ScoreOutput _scores;
    private readonly IReadOnlyDictionary<string, PlaceLayout> _layouts;
    private readonly HashSet<int> _ofImage;
    private readonly int[] _biased;
    private readonly ExecutionPlan _plan;

    public BiasPlan(OnnxGraph graph, ExecutionPlan whole, int input, ImageInput image, ScoreOutput scores, IReadOnlyDictionary<string, PlaceLayout> layouts, RunTrace trace)
    {
        (_graph, _input, _image, _scores, _layouts) = (graph, input, image, scores, layouts);
        _ofImage = [input];
        foreach (GraphStep step in whole.Steps.Where(step => !step.Definition.Is(OperatorTraits.ReadsShapeOnly) && step.Reads.Any(_ofImage.Contains)))
        {
            _ofImage.UnionWith(step.Writes.Where(trace.IsReal));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor images = image.MadeUp(trace.Batch);
        _biased = [.. Run(whole, [.. whole.Steps.SelectMany(step => step.Writes).Where(_ofImage.Contains)], images, withGraph: false).Biases.Where(bias => bias.Value.ne(HeldScalar.Of(0)).any().item<bool>()).Select(bias => bias.Key)];
        _plan = ExecutionPlan.For(graph, [scores.Slot, .. _biased], [input]);
        WhyNot = image.Levels is not null ? "its input takes whole numbers"
            : Pass([images]).MissingOf(outputs => outputs.mul(MadeUpNumbers.Waves(outputs.shape)).sum(1, keepdim: true)).any().item<bool>()
                ? "its scores are not what its input and biases add up to, as where numbers are multiplied with each other, normalised, cut from above or bent otherwise than by ReLU"
            : null;
    }

    /// <summary>Why the network is not the sum of its input and biases, as the end of a sentence; null where it is, on made-up images.</summary>
    public string? WhyNot { get; }

    /// <param name="runs">Images [batch, channels, height, width]: all of them, or one a run.</param>
    public BiasPass Pass(IReadOnlyList<Tensor> runs)
    {
        using DisposeScope scope = NewDisposeScope();
        var taken = new BiasRun[runs.Count];
        var outputs = new Tensor[runs.Count];
        for (int i = 0; i < runs.Count; i++)
        {
            Tensor leaf = runs[i].detach().to(ScalarType.Float32).clone().requires_grad_(true);
            (outputs[i], Dictionary<int, Tensor> biases, Tensor?[] values) = Run(_plan, _biased, leaf, withGraph: true);
            taken[i] = new BiasRun([leaf, .. _biased.Select(slot => values[slot]!)], [leaf.detach(), .. _biased.Select(slot => biases[slot])]);
        }

        using IDisposable grad = enable_grad();
        Tensor all = outputs.Length == 1 ? outputs[0] : cat(outputs);
        scope.MoveToOuter([all, .. taken.SelectMany(run => run.Values), .. taken.SelectMany(run => run.Constants)]);
        return new BiasPass(all, taken, [part => part, .. _biased.Select(PresentOf)]);
    }

    private Func<Tensor, Tensor>? PresentOf(int slot) => _layouts.TryGetValue(_graph.NameOf(slot), out PlaceLayout? layout) ? layout.Present : null;

    private (Tensor Outputs, Dictionary<int, Tensor> Biases, Tensor?[] Values) Run(ExecutionPlan plan, IReadOnlyCollection<int> asked, Tensor images, bool withGraph)
    {
        using IDisposable grad = set_grad_enabled(withGraph);
        Tensor?[] values = _graph.NewValues();
        values[_input] = _image.Bring(images);
        Dictionary<int, Tensor> biases = [];
        HashSet<int> wanted = [.. asked];
        plan.Run(values, after: step =>
        {
            if (step.Writes.Any(wanted.Contains))
            {
                using IDisposable noGrad = no_grad();
                Tensor?[] given = [.. step.InputSlots.Select(slot => slot == GraphStep.Absent ? null : _ofImage.Contains(slot) ? zeros_like(values[slot]!) : values[slot])];
                Tensor?[] made = step.Compute(given);
                for (int i = 0; i < made.Length; i++)
                {
                    if (made[i] is Tensor bias && wanted.Contains(step.OutputSlots[i]))
                    {
                        biases[step.OutputSlots[i]] = bias;
                    }
                }
            }
        });
        return (values[_scores.Slot]!.reshape(images.shape[0], _scores.Numbers).to(ScalarType.Float32), biases, values);
    }
}
