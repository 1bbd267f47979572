using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Non-linear functions of each element.</summary>
internal static class ActivationOperators
{
    private const OperatorTraits EachNumber = OperatorTraits.Activation | OperatorTraits.Pointwise | OperatorTraits.ChannelsApart;

    public static IEnumerable<OperatorDefinition> All =>
    [
        .. Unbounded.Select(definition => definition.And(EachNumber, AxisRules.Same)),
        .. Bounded.Select(definition => definition.And(EachNumber | OperatorTraits.Gate, AxisRules.Same)),
        OperatorDefinition.Of("PRelu", 2, 2, _ => x =>
        {
            (Tensor input, Tensor slope) = Operands.OnOneDevice(x[0], Slope(x[0], x[1]));
            return where(input.lt(HeldScalar.Of(0)), input.mul(slope), input);
        }).With(ActivationAdjoints.PRelu).And(OperatorTraits.Activation, AxisRules.Same) with { Bound = _ => x => Bounds.Spread(x[0].shape, Slope(x[0], x[1]).shape) },
    ];

    private static OperatorDefinition[] Bounded =>
    [
        OperatorDefinition.Unary("Sigmoid", x => x.sigmoid()).With(ActivationAdjoints.Sigmoid) with { GivesShares = _ => true },
        OperatorDefinition.Unary("Tanh", x => x.tanh()).With(ActivationAdjoints.Tanh),
        OperatorDefinition.Unary("HardSigmoid", node =>
        {
            double alpha = node.Attributes.Float("alpha", 0.2f);
            double beta = node.Attributes.Float("beta", 0.5f);
            return x => x.mul(HeldScalar.Of(alpha)).Plus(beta).clamp(HeldScalar.Of(0), HeldScalar.Of(1));
        }).With(ActivationAdjoints.HardSigmoid) with { GivesShares = _ => true },
        OperatorDefinition.Of("Clip", 1, 3, Clip).With(ActivationAdjoints.Clip) with { Bound = Bounds.Spread, GivesShares = ClipsToShares },
    ];

    private static OperatorDefinition[] Unbounded =>
    [
        OperatorDefinition.Unary("Relu", x => x.relu()).With(ActivationAdjoints.Relu),
        OperatorDefinition.Unary("Softplus", x => x.SoftPlus()).With(ActivationAdjoints.Softplus),
        OperatorDefinition.Unary("Softsign", x => x.div(x.abs().Plus(1))).With(ActivationAdjoints.Softsign),
        OperatorDefinition.Unary("Mish", x => x.mul(x.SoftPlus().tanh())).With(ActivationAdjoints.Mish),
        OperatorDefinition.Unary("HardSwish", x => x.mul(x.div(HeldScalar.Of(6)).Plus(0.5).clamp(HeldScalar.Of(0), HeldScalar.Of(1)))).With(ActivationAdjoints.HardSwish),
        OperatorDefinition.Unary("LeakyRelu", node =>
        {
            double slope = node.Attributes.Float("alpha", 0.01f);
            return x => x.leaky_relu(HeldScalar.Of(slope));
        }).With(ActivationAdjoints.LeakyRelu),
        OperatorDefinition.Unary("Elu", node =>
        {
            double alpha = node.Attributes.Float("alpha", 1);
            return x => x.Elu(alpha);
        }).With(ActivationAdjoints.Elu),
        OperatorDefinition.Unary("Celu", node =>
        {
            double alpha = node.Attributes.Float("alpha", 1);
            return alpha == 0 ? throw node.Error("'alpha' is 0; expected another number.") : x => x.celu(HeldScalar.Of(alpha));
        }).With(ActivationAdjoints.Celu),
        OperatorDefinition.Unary("Selu", node =>
        {
            double alpha = node.Attributes.Float("alpha", 1.67326319217681884765625f);
            double gamma = node.Attributes.Float("gamma", 1.05070102214813232421875f);
            return x => x.Elu(alpha).mul(HeldScalar.Of(gamma));
        }).With(ActivationAdjoints.Selu),
        OperatorDefinition.Unary("ThresholdedRelu", node =>
        {
            double alpha = node.Attributes.Float("alpha", 1);
            return x => x.threshold(HeldScalar.Of(alpha), HeldScalar.Of(0));
        }).With(ActivationAdjoints.ThresholdedRelu),
        OperatorDefinition.Unary("Gelu", Gelu).With(ActivationAdjoints.Gelu),
        OperatorDefinition.Unary("Swish", node =>
        {
            double alpha = node.Attributes.Float("alpha", 1);
            return x => x.mul((alpha == 1 ? x : x.mul(HeldScalar.Of(alpha))).sigmoid());
        }).With(ActivationAdjoints.Swish),
        OperatorDefinition.Unary("Shrink", Shrink).With(ActivationAdjoints.Shrink),
    ];

    // Until operator set 7 a vector of slopes lay along the channels, and exporters went on to write it so.
    private static Tensor Slope(Tensor input, Tensor slope)
    {
        long[] shape = input.shape;
        return shape.Length > 2 && slope.dim() == 1 && slope.shape[0] == shape[1] && slope.shape[0] != 1 && slope.shape[0] != shape[^1]
            ? slope.reshape([-1, .. Enumerable.Repeat(1L, shape.Length - 2)])
            : slope;
    }

    private static Func<Tensor, Tensor> Gelu(OnnxNode node) =>
        node.Attributes.OneOf("approximate", "none", "none", "tanh") == "none"
            ? x => functional.gelu(x)
            : x => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);

    // Nothing near zero, and what lies further out by the bias nearer to it.
    private static Func<Tensor, Tensor> Shrink(OnnxNode node)
    {
        double bias = node.Attributes.Float("bias", 0);
        double threshold = node.Attributes.Float("lambd", 0.5f);
        return x =>
        {
            Tensor shrunk = where(x.gt(HeldScalar.Of(threshold)), x.Plus(-bias), zeros_like(x));
            return where(x.lt(HeldScalar.Of(-threshold)), x.Plus(bias), shrunk).to(x.dtype);
        };
    }

    private static Func<KernelInputs, Tensor> Clip(OnnxNode node)
    {
        // Until operator set 11 the bounds were attributes.
        if (node.Opset < 11)
        {
            double least = node.Attributes.Float("min", float.MinValue);
            double most = node.Attributes.Float("max", float.MaxValue);
            return x => x[0].clamp(HeldScalar.Of(least), HeldScalar.Of(most));
        }

        return x =>
        {
            Tensor? least = x.Optional(1);
            Tensor? most = x.Optional(2);
            if (x[0].is_floating_point() && Constant(node, 1) && Constant(node, 2))
            {
                return x[0].clamp(HeldScalar.Of(node.ConstantScalar(1) ?? double.NegativeInfinity), HeldScalar.Of(node.ConstantScalar(2) ?? double.PositiveInfinity));
            }

            Tensor clipped = least is null ? x[0] : x[0].maximum(Operands.OnOneDevice(x[0], least).Right);
            return most is null ? clipped : clipped.minimum(Operands.OnOneDevice(clipped, most).Right);
        };
    }

    private static bool ClipsToShares(OnnxNode node)
    {
        (double? least, double? most) = node.Opset < 11
            ? (node.Attributes.Float("min", float.MinValue), node.Attributes.Float("max", float.MaxValue))
            : (node.ConstantScalar(1), node.ConstantScalar(2));
        return least >= 0 && most <= 1;
    }

    private static bool Constant(OnnxNode node, int index) => !node.HasInput(index) || node.ConstantScalar(index) is not null;
}
