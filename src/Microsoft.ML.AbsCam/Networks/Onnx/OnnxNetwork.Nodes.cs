using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <content>The layer, the scores and the gradient between them as nodes of a model file.</content>
internal sealed partial class OnnxNetwork
{
    /// <summary>Writes nodes that read the graph's values and make of them what a method looks at.</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="layerName">The layer.</param>
    /// <param name="larger">A run of larger images, where they may come; null where all have one size.</param>
    /// <param name="seedOf">Of the scores, by name, and their element type, what the gradient is of. A vector's are [batch, classes], others as the network has them.</param>
    /// <exception cref="NetworkLoadException">An operator between the layer and the scores has no adjoint, or no gradient reaches the layer.</exception>
    public LayerNodes Write(NodeWriter writer, string layerName, RunTrace? larger, Func<string, int, AskedSeed> seedOf)
    {
        LayerPlan plan = PlanOf(layerName);
        var shapes = new TracedShapes(_graph, _trace, larger is null ? [_alone] : [_alone, larger]);
        ValueShape scores = shapes.Of(_scores.Slot);
        string raw = _graph.NameOf(_scores.Slot);
        string rows = scores.Rank == 2 ? raw : _scores.IsVector ? writer.Reshape(raw, -1, _scores.Numbers) : writer.Reshape(raw, 0, -1);
        AskedSeed seed = seedOf(_scores.IsVector ? rows : raw, scores.ElementType);
        return new LayerNodes(writer, rows, plan.Write(writer, _graph.NameOf(plan.Layer)), () => seed switch
        {
            AskedSeed.OfScores some => plan.WriteGradient(writer, some.Scores, shapes.Of),
            AskedSeed.OfOutputs all => plan.WriteGradient(writer, all.Gradient, shapes.Of),
            _ => throw new ArgumentOutOfRangeException(nameof(seedOf)),
        }, shapes.Of(plan.Layer).ElementType)
        {
            RawScores = raw,
            Layer = layerName,
            Channels = plan.Channels is (int axis, long count) ? (axis, count, shapes.Of(plan.Layer).Rank) : null,
        };
    }

    /// <summary>A run of one image of twice the height and width; null where the network does not run at that size.</summary>
    public RunTrace? TryLarger()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        ImageInput larger = _image with { Shape = [_image.Shape[0], 2 * _image.Shape[1], 2 * _image.Shape[2]] };
        try
        {
            return larger.Trace(_graph, _plan, larger.MadeUp(1), [], new ImportBudget(OnnxImportLimits.Default)).Trace;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Made-up images [rows, channels, height, width] times a number, and the same as the file wants them.</summary>
    public (Tensor Images, Tensor Brought) MadeUp(int rows, int height, int width, double scale)
    {
        ImageInput sized = _image with { Shape = [_image.Shape[0], height, width] };
        Tensor images = sized.MadeUp(rows).mul(HeldScalar.Of(scale));
        return (images, sized.Bring(images));
    }

    /// <summary>The node where ONNX Runtime parts from TorchSharp in a file that has a gradient written into it; where none is at fault, the one that differs most.</summary>
    /// <param name="images">As the file takes them.</param>
    /// <param name="valuesOf">What ONNX Runtime gives for them, of values by name; those that are not known are left out.</param>
    /// <param name="adjoints">What was written of the gradient.</param>
    /// <param name="asked">What the gradient is of.</param>
    public NodeDifference? FirstDifference(
        Tensor images, Func<IReadOnlyList<string>, IReadOnlyDictionary<string, Tensor>> valuesOf, IReadOnlyList<WrittenAdjoint> adjoints, Func<Tensor, Tensor> asked)
    {
        string[] values = [.. _plan.Steps.SelectMany(step => step.Writes).Where(_trace.IsReal).Select(_graph.NameOf)];
        string[] gradients = [.. adjoints.SelectMany(adjoint => adjoint.OfOutputs.Concat(adjoint.OfInputs)).OfType<string>()];
        return new DifferenceSearch(_graph, _plan.Steps, _input, _scores.Slot).Find(images, valuesOf([.. values, .. gradients]), adjoints, asked);
    }

    /// <summary>Whether the file wants [batch, height, width, channels].</summary>
    public bool ChannelsLast => _image.ChannelsLast;

    /// <summary>The operator set of the file.</summary>
    public long Opset => _plan.Steps[0].Node.Opset;
}
