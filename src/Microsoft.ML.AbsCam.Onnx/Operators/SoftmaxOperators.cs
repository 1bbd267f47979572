using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Scores to probabilities.</summary>
internal static class SoftmaxOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Unary("Softmax", node => Along(node, (x, axis) => x.softmax(axis))).With(SoftmaxAdjoints.Softmax).And(OperatorTraits.Gate, AxisRules.Same) with { GivesShares = _ => true },
        OperatorDefinition.Unary("LogSoftmax", node => Along(node, (x, axis) => x.log_softmax(axis))).With(SoftmaxAdjoints.LogSoftmax) with { Axes = AxisRules.Same },
        OperatorDefinition.Unary("Hardmax", node => Along(node, Greatest)).With(AdjointStep.NoGradient) with { Axes = AxisRules.Same, GivesShares = _ => true },
    ];

    /// <summary>How many numbers share a sum of one, for an input of this shape.</summary>
    public static long ClassesOf(OnnxNode node, long[] shape)
    {
        int axis = Operands.Axis(node, node.Attributes.Int("axis", DefaultAxis(node)), shape.Length);
        return OverTheRest(node) ? shape[axis..].Aggregate(1L, (product, size) => product * size) : shape[axis];
    }

    // Until operator set 13 the value was flattened to two dimensions at the axis, and the second one sums to one.
    private static bool OverTheRest(OnnxNode node) => node.Opset < 13;

    private static long DefaultAxis(OnnxNode node) => OverTheRest(node) ? 1 : -1;

    // One at the first greatest number, and zero elsewhere.
    private static Tensor Greatest(Tensor x, long axis)
    {
        Tensor greatest = x.argmax(axis, keepdim: true);
        return zeros_like(x).scatter(axis, greatest, ones_like(greatest).to(x.dtype));
    }

    private static Func<Tensor, Tensor> Along(OnnxNode node, Func<Tensor, long, Tensor> compute)
    {
        long axis = node.Attributes.Int("axis", DefaultAxis(node));
        return x =>
        {
            int along = Operands.Axis(node, axis, x.dim(), mayBeRank: OverTheRest(node));
            return OverTheRest(node) && along < x.dim() - 1
                ? compute(x.flatten(along), along).reshape(x.shape)
                : compute(x, along);
        };
    }
}
