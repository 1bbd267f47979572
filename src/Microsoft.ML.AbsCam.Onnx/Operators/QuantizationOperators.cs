using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// Numbers rounded to a grid and back. Quantised values stay real numbers in memory and gradients pass the rounding as if it
/// were not there, since the true gradient of a staircase is zero and would explain nothing.
/// </summary>
internal static class QuantizationOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("QuantizeLinear", 2, 3, Quantize).With(QuantizationAdjoints.Quantize).And(OperatorTraits.SameNumbers | OperatorTraits.Rounds, AxisRules.Same),
        OperatorDefinition.Of("DequantizeLinear", 2, 3, Dequantize).With(QuantizationAdjoints.Dequantize).And(OperatorTraits.SameNumbers | OperatorTraits.Rounds, AxisRules.Same),
    ];

    private static Func<KernelInputs, Tensor> Quantize(OnnxNode node)
    {
        long axis = Axis(node);
        if (node.Attributes.Int("precision", 0) is not (0 or ElementTypes.Float))
        {
            throw node.Error($"'precision' is {ElementTypes.Name((int)Math.Clamp(node.Attributes.Int("precision", 0), 0, int.MaxValue))}; expected float. Export it without.");
        }

        return x =>
        {
            (double least, double most) = RangeOf(node, x.Optional(2) is Tensor point ? ElementTypes.InFile(point.dtype) : 0);
            Tensor scaled = x[0].div(Each(node, x[1], x[0], axis));
            Tensor rounded = scaled.Plus(scaled.round().sub(scaled).detach());
            return (x.Optional(2) is Tensor zero ? rounded.Plus(Each(node, zero, x[0], axis)) : rounded).clamp(HeldScalar.Of(least), HeldScalar.Of(most));
        };
    }

    private static Func<KernelInputs, Tensor> Dequantize(OnnxNode node)
    {
        long axis = Axis(node);

        // Since operator set 23 the output may have another type than the scale.
        long given = node.Attributes.Int("output_dtype", 0);
        ScalarType? type = given == 0 ? null : node.TypeOf(given);
        return x =>
        {
            Tensor real = x[0].to(x[1].dtype);
            Tensor centred = x.Optional(2) is Tensor zero ? real.sub(Each(node, zero, x[0], axis)) : real;
            Tensor made = centred.mul(Each(node, x[1], x[0], axis));
            return type is ScalarType other ? made.to(other) : made;
        };
    }

    /// <summary>The least and the greatest quantised number of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="zeroPoint">The format's type of its zero point; 0 for none.</param>
    public static (double Least, double Most) RangeOf(OnnxNode node, int zeroPoint) =>
        node.Attributes.Int("output_dtype", 0) is long type && type != 0 ? Range(node, (int)type) : Range(node, zeroPoint == 0 ? null : ElementTypes.InMemory(zeroPoint));

    // One scale for all, or one for each index along an axis.
    private static Tensor Each(OnnxNode node, Tensor values, Tensor x, long axis)
    {
        Tensor real = (values.is_floating_point() ? values : values.to(ScalarType.Float32)).to(x.device);
        if (real.numel() == 1)
        {
            return real.reshape([]);
        }

        if (real.dim() != 1)
        {
            throw node.Error($"its scale or zero point is {TensorSizes.Text(values.shape)}; one number, or one for each index of an axis, is supported.");
        }

        long[] shape = [.. Enumerable.Repeat(1L, (int)x.dim())];
        shape[Operands.Axis(node, axis, x.dim())] = -1;
        return real.reshape(shape);
    }

    private static long Axis(OnnxNode node) =>
        node.Attributes.Int("block_size", 0) == 0
            ? node.Attributes.Int("axis", 1)
            : throw node.Error("scales by blocks are not supported; quantise by tensor or by channel.");

    private static (double Least, double Most) Range(OnnxNode node, ScalarType? type) => type switch
    {
        null or ScalarType.Byte => Range(node, ElementTypes.UInt8),
        ScalarType.Int8 => Range(node, ElementTypes.Int8),
        ScalarType.Int16 => Range(node, ElementTypes.Int16),
        _ => Range(node, ElementTypes.UInt16),
    };

    private static (double Least, double Most) Range(OnnxNode node, int elementType) => elementType switch
    {
        ElementTypes.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementTypes.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementTypes.Int16 => (short.MinValue, short.MaxValue),
        ElementTypes.UInt16 => (ushort.MinValue, ushort.MaxValue),
        _ => throw node.Error($"the quantised type {ElementTypes.Name(elementType)} is not supported; expected 8 or 16 bits."),
    };
}
