using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Comparisons, truth values and the choice between two tensors.</summary>
internal static class LogicOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Binary("Equal", (a, b) => a.eq(b)),
        OperatorDefinition.Binary("Greater", (a, b) => a.gt(b)),
        OperatorDefinition.Binary("GreaterOrEqual", (a, b) => a.ge(b)),
        OperatorDefinition.Binary("Less", (a, b) => a.lt(b)),
        OperatorDefinition.Binary("LessOrEqual", (a, b) => a.le(b)),
        OperatorDefinition.Binary("And", (a, b) => a.logical_and(b)),
        OperatorDefinition.Binary("Or", (a, b) => a.logical_or(b)),
        OperatorDefinition.Binary("Xor", (a, b) => a.logical_xor(b)),
        OperatorDefinition.Unary("Not", x => x.logical_not()).And(OperatorTraits.Pointwise, AxisRules.Same),
        OperatorDefinition.Unary("IsNaN", x => x.isnan()).And(OperatorTraits.Pointwise, AxisRules.Same),
        OperatorDefinition.Unary("IsInf", IsInfinite).And(OperatorTraits.Pointwise, AxisRules.Same),
        OperatorDefinition.Of("Where", 3, 3, _ => Choose).With(ArithmeticAdjoints.Where) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread },
    ];

    private static Func<Tensor, Tensor> IsInfinite(OnnxNode node) => (node.Attributes.Flag("detect_negative", otherwise: true), node.Attributes.Flag("detect_positive", otherwise: true)) switch
    {
        (true, true) => x => x.isinf(),
        (true, false) => x => x.eq(HeldScalar.Of(double.NegativeInfinity)),
        (false, true) => x => x.eq(HeldScalar.Of(double.PositiveInfinity)),
        _ => x => zeros(x.shape, ScalarType.Bool, x.device),
    };

    private static Tensor Choose(KernelInputs x)
    {
        (Tensor left, Tensor right) = Operands.OnOneDevice(x[1], x[2]);
        (Tensor condition, left) = Operands.OnOneDevice(x[0], left);
        (condition, right) = Operands.OnOneDevice(condition, right);
        (left, right) = Operands.OnOneDevice(left, right);
        return where(condition, left, right);
    }
}
