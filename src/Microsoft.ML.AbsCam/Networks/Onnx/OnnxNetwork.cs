using System.Collections.Concurrent;
using Microsoft.ML.AbsCam.Networks.Onnx.Attention;
using Microsoft.ML.AbsCam.Networks.Onnx.Batches;
using Microsoft.ML.AbsCam.Networks.Onnx.Biases;
using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Layers;
using Microsoft.ML.AbsCam.Networks.Onnx.Outputs;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>
/// An image classifier from an ONNX file, run as tensor operations: from an image to the logits, and from any feature map on
/// with gradients. Runs keep no state here and may overlap; moving and disposing may not overlap with them.
/// </summary>
internal sealed partial class OnnxNetwork : IDisposable
{
    private readonly OnnxGraph _graph;
    private readonly ImageInput _image;
    private readonly ScoreOutput _scores;
    private readonly ExecutionPlan _plan;
    private readonly int _input;
    private readonly RunTrace _trace;
    private readonly RunTrace _alone;
    private readonly LayerChoice _layers;
    private readonly ConcurrentDictionary<string, LayerPlan> _layerPlans = new(StringComparer.Ordinal);
    private readonly ForwardEngine _runtime;
    private readonly GradientEngine _gradients;
    private readonly Lazy<(AttentionPlan? Plan, string Why)> _attention;
    private readonly Lazy<BiasPlan> _biases;

    private OnnxNetwork(OnnxGraph graph, ScorePart part, long[]? inputShapeOverride, int? labels, NetworkTask task, ImportBudget budget)
    {
        _graph = graph;
        _image = ImageInput.Of(graph, inputShapeOverride);
        _input = graph.SlotOf(_image.Name);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        int[] outputs = [.. graph.Outputs.Select(graph.SlotOf)];
        budget.Repeats = Batching.Rows + 1;
        (RunTrace alone, Tensor?[] first) = _image.Trace(graph, ExecutionPlan.For(graph, outputs, [_input]), _image.MadeUp(1), outputs, budget);

        // Where scores look like probabilities, a few more images are run: about as many as are counted already.
        budget.Repeats = 0;
        _scores = OutputChoice.Of(graph, _image, new ScoreProbes(graph, _image, budget), alone, first, part, labels, task);
        (Labels, LabelTrouble) = OwnLabels.Of(part.Outputs, _scores);
        _plan = ExecutionPlan.For(graph, [_scores.Slot], [_input]);
        (RunTrace Trace, Tensor Scores)? together = Batching.Try(graph, _plan, _image, _scores, alone, budget);
        RunsRowByRow = together is null;
        _trace = together?.Trace ?? alone;
        _alone = alone;
        _layers = LayerChoice.Of(graph, _plan, _input, _image, _scores, _trace);
        DefaultLayer = Layers.FirstOrDefault(layer => layer.IsDefault);
        _attention = new(() => AttentionPlan.Find(graph, _plan, _input, _image, _scores, _layers.Layouts.Values, _trace));
        _biases = new(() => new BiasPlan(graph, _plan, _input, _image, _scores, _layers.Layouts, _trace));
        _runtime = new ForwardEngine(graph, _image, _scores, alone, together);
        _gradients = new GradientEngine(graph, _image, _scores, _trace, _alone);
        budget.Repeats = 1;
        GradientFault = DefaultLayer is null ? null : PlanOf(DefaultLayer.Name).TryGradient(_image, _trace, budget);
    }

    public string InputName => _image.Name;

    public int InputChannels => (int)_image.Shape[0];

    public int InputHeight => (int)_image.Shape[1];

    public int InputWidth => (int)_image.Shape[2];

    /// <summary>Whether the file leaves the size open and the usual one was taken.</summary>
    public bool InputSizeIsDynamic => _image.SizeIsDynamic;

    public int ClassCount => _scores.Classes;

    /// <summary>How the output that is asked about lies.</summary>
    public OutputLayout Layout => _scores.Layout;

    /// <summary>What the scores are.</summary>
    public ScoreEvidence Evidence => _scores.Evidence;

    /// <summary>The output that the scores belong to, or the value that outputs rank or pack.</summary>
    public string ScoresOutput => _scores.Output;

    /// <summary>All outputs of the file.</summary>
    public IReadOnlyList<string> Outputs => _scores.IsOneOf;

    /// <summary>The class names that the file holds; null where it holds none, or not one a class.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>Why class names of the file are left out; null where they are not.</summary>
    public string? LabelTrouble { get; }

    /// <summary>Whether the file only works for one image, so that the rows of a batch run one after the other.</summary>
    public bool RunsRowByRow { get; }

    /// <summary>The feature maps that can be explained, then those of one pixel, which cannot; each in the order in which they are computed.</summary>
    public IReadOnlyList<FeatureLayer> Layers => _layers.Layers;

    public FeatureLayer? DefaultLayer { get; }

    /// <summary>Why there is no default layer though there are layers, and what to do; null where there is one, or no layer at all.</summary>
    public string? WhyNoDefaultLayer => _layers.WhyNoPick;

    /// <summary>What speaks against the default layer, with what to do; null where nothing does.</summary>
    public string? LayerDoubt => _layers.Doubt;

    /// <summary>Why gradients cannot be had from the default layer, found out at import; null where they can, or where there is no such layer.</summary>
    public string? GradientFault { get; }

    /// <summary>The first output of each node that leads from the image to the scores, in the order in which they are computed.</summary>
    public IReadOnlyList<string> Running => [.. _plan.Steps.Select(step => step.Node.Outputs[0])];

    /// <param name="bytes">The file's content.</param>
    /// <param name="sourceName">The file's name, for messages.</param>
    /// <param name="folderForExternalData">The folder in which weights outside the file may lie; null where there is none.</param>
    /// <param name="inputShapeOverride">Channels, height and width, where the file leaves them open; 0 leaves one to the file.</param>
    /// <param name="limits">What the import may cost; null takes the defaults.</param>
    /// <param name="scoresOutput">The output that holds the class scores, or a value inside the network; null where the file tells.</param>
    /// <param name="labels">How many classes have names; null where they have none.</param>
    /// <param name="task">What the network is for.</param>
    /// <exception cref="NetworkLoadException">The file is not an image classifier that can be run, or costs more than the limits.</exception>
    public static OnnxNetwork Load(
        ReadOnlyMemory<byte> bytes, string sourceName, string? folderForExternalData = null, long[]? inputShapeOverride = null, OnnxImportLimits? limits = null,
        string? scoresOutput = null, int? labels = null, NetworkTask task = NetworkTask.Auto)
    {
        LibTorch.Require();
        var budget = new ImportBudget(limits ?? OnnxImportLimits.Default);
        OnnxFile file = BoxPair.Join(OnnxFile.Parse(bytes, sourceName, ModelFileAdvice.WhyNotOnnx), scoresOutput);
        budget.CheckNodes(file.Graph.Node.Count, sourceName);
        ScorePart part = ScorePart.Of(file, sourceName, scoresOutput).Folded(sourceName, folderForExternalData, inputShapeOverride, budget);
        OnnxGraph graph = OnnxGraph.Load(part.File, sourceName, folderForExternalData, budget);
        try
        {
            return new OnnxNetwork(graph, part, inputShapeOverride, labels, task, budget);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    public void To(Device device) => _graph.To(device);

    public void Dispose()
    {
        _gradients.Dispose();
        _runtime.Dispose();
        _graph.Dispose();
    }
}
