using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Element by element, with broadcasting.</summary>
internal static class ArithmeticOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        .. OfSeveral,
        .. OfOne.Select(definition => definition.And(OperatorTraits.Pointwise | OperatorTraits.ChannelsApart, AxisRules.Same)),
    ];

    private static OperatorDefinition[] OfSeveral =>
    [
        OperatorDefinition.Binary("Add", (a, b) => a.Plus(b)).With(ArithmeticAdjoints.Sum),
        OperatorDefinition.Binary("Sub", (a, b) => a.sub(b)).With(ArithmeticAdjoints.Sub),
        OperatorDefinition.Binary("Mul", (a, b) => a.mul(b)).With(ArithmeticAdjoints.Mul),
        OperatorDefinition.Binary("Div", Divide).With(ArithmeticAdjoints.Div),
        OperatorDefinition.Of("Pow", 2, 2, _ => x => Power(x[0], x[1])) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread, Adjoint = ArithmeticAdjoints.Pow },
        OperatorDefinition.Of("Mod", 2, 2, Modulo) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread, Adjoint = ArithmeticAdjoints.Mod },
        Variadic("Sum", (a, b) => a.Plus(b)).With(ArithmeticAdjoints.Sum),
        Variadic("Max", (a, b) => a.maximum(b)).With(ArithmeticAdjoints.Max),
        Variadic("Min", (a, b) => a.minimum(b)).With(ArithmeticAdjoints.Min),
        OperatorDefinition.Of("Mean", 1, int.MaxValue, _ => x => Fold(x.All(), (a, b) => a.Plus(b)).div(HeldScalar.Of(x.Count))) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread, Adjoint = ArithmeticAdjoints.Mean },
    ];

    private static OperatorDefinition[] OfOne =>
    [
        OperatorDefinition.Unary("Abs", x => x.abs()).With(PointwiseAdjoints.Abs),
        OperatorDefinition.Unary("Neg", x => x.neg()).With(PointwiseAdjoints.Neg),
        OperatorDefinition.Unary("Reciprocal", x => x.reciprocal()).With(PointwiseAdjoints.Reciprocal),
        OperatorDefinition.Unary("Sqrt", x => x.sqrt()).With(PointwiseAdjoints.Sqrt),
        OperatorDefinition.Unary("Exp", x => x.exp()).With(PointwiseAdjoints.Exp),
        OperatorDefinition.Unary("Log", x => x.log()).With(PointwiseAdjoints.Log),
        OperatorDefinition.Unary("Sin", x => x.sin()).With(PointwiseAdjoints.Sin),
        OperatorDefinition.Unary("Cos", x => x.cos()).With(PointwiseAdjoints.Cos),
        OperatorDefinition.Unary("Tan", x => x.tan()).With(PointwiseAdjoints.Tan),
        OperatorDefinition.Unary("Asin", x => x.asin()).With(PointwiseAdjoints.Asin),
        OperatorDefinition.Unary("Acos", x => x.acos()).With(PointwiseAdjoints.Acos),
        OperatorDefinition.Unary("Atan", x => x.atan()).With(PointwiseAdjoints.Atan),
        OperatorDefinition.Unary("Sinh", x => x.sinh()).With(PointwiseAdjoints.Sinh),
        OperatorDefinition.Unary("Cosh", x => x.cosh()).With(PointwiseAdjoints.Cosh),
        OperatorDefinition.Unary("Asinh", x => x.asinh()).With(PointwiseAdjoints.Asinh),
        OperatorDefinition.Unary("Acosh", x => x.acosh()).With(PointwiseAdjoints.Acosh),
        OperatorDefinition.Unary("Atanh", x => x.atanh()).With(PointwiseAdjoints.Atanh),
        OperatorDefinition.Unary("Erf", x => x.erf()).With(PointwiseAdjoints.Erf),
        OperatorDefinition.Unary("Sign", x => x.sign()).With(AdjointStep.NoGradient),
        OperatorDefinition.Unary("Ceil", x => x.ceil()).With(AdjointStep.NoGradient),
        OperatorDefinition.Unary("Floor", x => x.floor()).With(AdjointStep.NoGradient),
        OperatorDefinition.Unary("Round", x => x.round()).With(AdjointStep.NoGradient),
    ];

    private static OperatorDefinition Variadic(string name, Func<Tensor, Tensor, Tensor> combine) =>
        OperatorDefinition.Of(name, 1, int.MaxValue, _ => x => Fold(x.All(), combine)) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread };

    private static Tensor Fold(Tensor[] operands, Func<Tensor, Tensor, Tensor> combine) =>
        operands.Aggregate((left, right) =>
        {
            (left, right) = Operands.OnOneDevice(left, right);
            return combine(left, right);
        });

    private static Tensor Divide(Tensor left, Tensor right) =>
        left.is_floating_point() || right.is_floating_point() ? left.div(right) : DivideWhole(left, right);

    // Truncates like the format. The least integer divided by -1 traps in the processor, so -1 is taken apart.
    private static Tensor DivideWhole(Tensor left, Tensor right)
    {
        using Tensor zeros = right.eq(HeldScalar.Of(0));
        if (zeros.any().item<bool>())
        {
            throw new ArgumentException("a whole number is divided by zero.");
        }

        using Tensor minusOne = right.eq(HeldScalar.Of(-1));
        using Tensor safe = right.masked_fill(minusOne, HeldScalar.Of(1));
        return where(minusOne, left.neg(), left.div(safe, RoundingMode.trunc));
    }

    // The result has the base's type; whole bases to real powers are taken as doubles.
    private static Tensor Power(Tensor number, Tensor power)
    {
        (number, power) = Operands.OnOneDevice(number, power);
        if (number.is_floating_point() || !power.is_floating_point())
        {
            return number.pow(power.to(number.dtype));
        }

        return number.to(ScalarType.Float64).pow(power).to(number.dtype);
    }

    private static Func<KernelInputs, Tensor> Modulo(OnnxNode node)
    {
        bool signOfDividend = node.Attributes.Flag("fmod");
        return x =>
        {
            (Tensor left, Tensor right) = Operands.OnOneDevice(x[0], x[1]);
            if (left.is_floating_point())
            {
                return signOfDividend ? left.fmod(right) : throw node.Error("'fmod' must be 1 for real numbers; the file is damaged.");
            }

            using Tensor zeros = right.eq(HeldScalar.Of(0));
            if (zeros.any().item<bool>())
            {
                throw new ArgumentException("a whole number is divided by zero.");
            }

            // The least integer modulo -1 traps in the processor; modulo 1 is the same zero.
            using Tensor safe = right.masked_fill(right.eq(HeldScalar.Of(-1)), HeldScalar.Of(1));
            return signOfDividend ? left.fmod(safe) : left.remainder(safe);
        };
    }
}
