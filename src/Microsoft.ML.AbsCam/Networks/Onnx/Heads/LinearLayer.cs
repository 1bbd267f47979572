using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Heads;

/// <summary>
/// A layer whose outputs along axis 1 are sums of its inputs with weights of their own: a matrix product, or a convolution with
/// windows of one pixel.
/// </summary>
internal sealed class LinearLayer
{
    private readonly OnnxGraph _graph;
    private readonly int _weights;
    private readonly int _bias;
    private readonly int _classAxis;
    private readonly float _alpha;
    private readonly float _beta;
    private long[] _pads = [];

    private LinearLayer(OnnxGraph graph, int input, int weights, int bias, int classAxis, float alpha = 1, float beta = 1)
    {
        _graph = graph;
        Input = input;
        (_weights, _bias, _classAxis, _alpha, _beta) = (weights, bias, classAxis, alpha, beta);
    }

    /// <summary>The slot of its input: [B,F], or [B,F,h,w].</summary>
    public int Input { get; }

    /// <summary>The layer that ends in this step; null where it is none, or its weights are not constant.</summary>
    public static LinearLayer? Of(OnnxGraph graph, GraphStep step, IReadOnlyDictionary<int, GraphStep> makers, int classes, RunTrace trace)
    {
        LinearLayer? found = step.Node.Operator switch
        {
            "Gemm" when !step.Node.Attributes.Flag("transA") => Gemm(graph, step),
            "MatMul" => new LinearLayer(graph, step.InputSlots[0], step.InputSlots[1], GraphStep.Absent, 1),
            "Add" => Sum(graph, step, makers),
            "Conv" when IsOnePixel(step, trace) => new LinearLayer(graph, step.InputSlots[0], step.InputSlots[1], Slot(step, 2), 0) { _pads = step.Node.Attributes.Ints("pads") ?? [] },
            _ => null,
        };
        return found?.Fits(classes, trace) == true ? found : null;
    }

    /// <summary>The outputs of the classes [B,T], as [B,T] or [B,T,h,w].</summary>
    public Tensor Rows(Tensor input, Tensor classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (long rows, long targets) = (classes.shape[0], classes.shape[1]);
        Tensor index = classes.flatten();
        Tensor weights = _graph.Constants[_weights].index_select(_classAxis, index);
        weights = (_classAxis == 0 ? weights : weights.t()).reshape(rows, targets, -1);
        Tensor sums = weights.bmm(input.reshape(rows, weights.shape[2], -1));
        sums = (_alpha == 1 ? sums : sums.mul(HeldScalar.Of(_alpha))).reshape([rows, targets, .. input.shape[2..]]);
        if (_pads is [long top, long left, long bottom, long right])
        {
            // Sums over a border of zeros are zero.
            sums = nn.functional.pad(sums, [left, right, top, bottom]);
        }

        if (_bias != GraphStep.Absent)
        {
            Tensor bias = _graph.Constants[_bias].flatten().index_select(0, index).mul(HeldScalar.Of(_beta));
            sums = sums.Plus(bias.view([rows, targets, .. input.shape[2..].Select(_ => 1L)]));
        }

        return sums.MoveToOuterDisposeScope();
    }

    /// <summary>Writes the gradient of the layer's input, of the input's shape or one that repeats to it.</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="classes">The class of each row [batch].</param>
    /// <param name="gradient">The gradient of that class's output [batch, 1], or [batch, 1, h, w].</param>
    /// <param name="type">The format's element type of it.</param>
    public string WriteGradient(NodeWriter writer, string classes, string gradient, int type)
    {
        string weights = writer.Node("Gather", [_graph.NameOf(_weights), classes], ("axis", _classAxis));
        weights = _classAxis == 0 ? weights : writer.Transpose(weights, 1, 0);
        if (_pads is [long top, long left, long bottom, long right] && _pads.Any(pad => pad != 0))
        {
            gradient = writer.Pad(gradient, [0, 0, -top, -left], [0, 0, -bottom, -right]);
        }

        string sums = writer.Mul(gradient, weights);
        return _alpha == 1 ? sums : writer.Mul(sums, writer.Real(_alpha, type));
    }

    private static LinearLayer Gemm(OnnxGraph graph, GraphStep step) => new(
        graph, step.InputSlots[0], step.InputSlots[1], Slot(step, 2), step.Node.Attributes.Flag("transB") ? 0 : 1, step.Node.Attributes.Float("alpha", 1), step.Node.Attributes.Float("beta", 1));

    // A matrix product and a bias are two nodes where the input may have more axes.
    private static LinearLayer? Sum(OnnxGraph graph, GraphStep step, IReadOnlyDictionary<int, GraphStep> makers)
    {
        int product = Array.FindIndex(step.InputSlots, slot => makers.TryGetValue(slot, out GraphStep? maker) && maker.Node.Operator == "MatMul");
        return product < 0 || makers[step.InputSlots[product]] is not GraphStep multiply
            ? null
            : new LinearLayer(graph, multiply.InputSlots[0], multiply.InputSlots[1], step.InputSlots[1 - product], 1);
    }

    private static bool IsOnePixel(GraphStep step, RunTrace trace) =>
        trace.ShapeOf(step.InputSlots[0]) is { Length: 4 } from
        && trace.ShapeOf(step.OutputSlots[0]) is { Length: 4 } to
        && (step.Node.Attributes.Ints("pads") ?? [0, 0, 0, 0]) is [>= 0, >= 0, >= 0, >= 0] pads
        && to[2] == from[2] + pads[0] + pads[2]
        && to[3] == from[3] + pads[1] + pads[3]
        && step.Node.Attributes.Int("group", 1) == 1
        && (step.Node.Attributes.Ints("strides") ?? []).All(stride => stride == 1);

    private bool Fits(int classes, RunTrace trace) =>
        trace.ShapeOf(Input) is { Length: 2 or 4 } from
        && from[0] == trace.Batch
        && _graph.Constants.TryGetValue(_weights, out Tensor? weights)
        && weights.shape is long[] sizes
        && sizes.Length == from.Length
        && (sizes.Length == 2 || _classAxis == 0)
        && sizes.Skip(2).All(size => size == 1)
        && sizes[_classAxis] == classes
        && sizes[1 - _classAxis] == from[1]
        && (_bias == GraphStep.Absent || (_graph.Constants.TryGetValue(_bias, out Tensor? bias) && bias.numel() == classes && bias.shape[^1] == classes));

    private static int Slot(GraphStep step, int index) => index < step.InputSlots.Length ? step.InputSlots[index] : GraphStep.Absent;
}
