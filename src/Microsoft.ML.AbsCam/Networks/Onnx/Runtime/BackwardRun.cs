using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>
/// The way back from the scores to a layer in ONNX Runtime: the adjoints of what lies between, as a model of their own that reads what the way there left.
/// </summary>
internal sealed class BackwardRun : IDisposable
{
    private readonly RuntimeSession _session;
    private readonly string _gradient;
    private readonly long[] _shape;
    private readonly ScalarType _type;

    private BackwardRun(RuntimeSession session, int[] reads, string gradient, Tensor like)
    {
        (_session, _gradient, _shape, _type) = (session, gradient, like.shape, like.dtype);
        Reads = reads;
    }

    /// <summary>The slots of the values of the way there that it reads.</summary>
    public IReadOnlyList<int> Reads { get; }

    /// <param name="graph">The network.</param>
    /// <param name="plan">The layer.</param>
    /// <param name="shapes">What is known of the values.</param>
    /// <param name="ofClasses">Whether the gradient is of one score a row, which costs less, or of any function of them.</param>
    /// <param name="like">What the gradient is like: that of some rows.</param>
    /// <param name="cuda">The CUDA device that computes; null for the CPU.</param>
    /// <exception cref="NetworkLoadException">An operator between the layer and the scores has no adjoint, or no gradient reaches the layer.</exception>
    public static BackwardRun Open(OnnxGraph graph, LayerPlan plan, TracedShapes shapes, bool ofClasses, Tensor like, int? cuda)
    {
        var writer = new NodeWriter("back/", NodeWriter.LeastOpset, name => graph.TrySlotOf(name, out _));
        string seed = writer.Fresh("seed");
        int type = shapes.Of(plan.Layer).ElementType;
        string gradient = ofClasses
            ? plan.WriteGradient(writer, [new ScoreSeed(seed, writer.Expand(writer.Real(1, type), writer.Shape(seed)))], shapes.Of)
            : plan.WriteGradient(writer, seed, shapes.Of);
        writer.KeepOnly([gradient]);
        int[] reads = [.. writer.Nodes.SelectMany(node => node.Input).Distinct().Where(name => graph.TrySlotOf(name, out int slot) && !graph.Constants.ContainsKey(slot)).Select(graph.SlotOf)];
        ValueInfoProto[] inputs = [Info(seed, ofClasses ? ElementTypes.Int64 : ElementTypes.Float, null), .. reads.Select(slot => Info(graph.NameOf(slot), shapes.Of(slot).ElementType, shapes.Of(slot)))];
        byte[] model = GraphWriter.Write(graph, inputs, [], writer, [gradient]);
        return new BackwardRun(RuntimeSession.Open(model, [.. inputs.Select(input => input.Name)], get_num_threads(), cuda), reads, gradient, like);
    }

    /// <summary>The gradient at the layer, for each row.</summary>
    /// <param name="seed">The class of each row, int64 [batch]; or of a function of the scores the gradient with respect to them [batch, scores].</param>
    /// <param name="valueOf">What the way there left in a slot.</param>
    public Tensor Run(Tensor seed, Func<int, Tensor> valueOf)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gradient = empty([seed.shape[0], .. _shape.AsSpan(1)], _type);
        _session.Run([seed.contiguous(), .. Reads.Select(slot => valueOf(slot).contiguous())], [_gradient], [gradient]);
        return gradient.MoveToOuterDisposeScope();
    }

    public void Dispose() => _session.Dispose();

    private static ValueInfoProto Info(string name, int type, ValueShape? known)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = type };
        if (known is not null)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.AddRange(known.Sizes.Select((size, axis) =>
                known.Varies[axis] ? new TensorShapeProto.Types.Dimension { DimParam = "batch" } : new TensorShapeProto.Types.Dimension { DimValue = size }));
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
