using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Onnx.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Tensors that come from the file or from a shape alone.</summary>
internal static class ConstantOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        new OperatorDefinition("Constant", 0, 0, Constant),
        new OperatorDefinition("ConstantOfShape", 1, 1, Filled) { Bound = _ => x => x.Ints(0), Adjoint = AdjointStep.NoGradient },
        OperatorDefinition.Unary("Shape", Shape).And(OperatorTraits.ReadsShapeOnly),
        OperatorDefinition.Unary("Size", x => HostValues.Of(x.numel()).reshape([])).And(OperatorTraits.ReadsShapeOnly),
        OperatorDefinition.Of("Range", 3, 3, Range),
        OperatorDefinition.Unary("EyeLike", Diagonal).And(OperatorTraits.ReadsShapeOnly) with { Bound = Bounds.First },
    ];

    private static Kernel Constant(OnnxNode node, TensorReader reader)
    {
        NodeAttributes attributes = node.Attributes;
        if (attributes.Tensor("value") is TensorProto value)
        {
            return _ => [reader.Read(value, $"the constant of node '{node.Name}'")];
        }

        return attributes switch
        {
            _ when attributes.Has("value_float") => _ => [tensor(attributes.Float("value_float", 0))],
            _ when attributes.Has("value_int") => _ => [tensor(attributes.Int("value_int", 0))],
            _ when attributes.Floats("value_floats") is float[] floats => _ => [tensor(floats)],
            _ when attributes.Ints("value_ints") is long[] ints => _ => [HostValues.Of(ints)],
            _ => throw node.Error("its value is neither a tensor nor numbers (sparse and text constants are not supported)."),
        };
    }

    private static Kernel Filled(OnnxNode node, TensorReader reader)
    {
        TensorProto? value = node.Attributes.Tensor("value");
        if (value is not null && TensorSizes.Count(value.Dims) != 1)
        {
            throw node.Error("its value is not one number; the file is damaged.");
        }

        return x =>
        {
            using Tensor one = value is null ? zeros(1) : reader.Read(value, $"the value of node '{node.Name}'");
            return [one.reshape([]).expand(x.Ints(0)).clone()];
        };
    }

    private static Func<Tensor, Tensor> Shape(OnnxNode node)
    {
        long start = node.Attributes.Int("start", 0);
        long end = node.Attributes.Int("end", long.MaxValue);
        return x =>
        {
            long rank = x.dim();
            int from = (int)Math.Clamp(start < 0 ? start + rank : start, 0, rank);
            int to = (int)Math.Clamp(end < 0 ? end + rank : end, 0, rank);
            return HostValues.Of(x.shape.AsSpan(from, Math.Max(0, to - from)));
        };
    }

    private static Func<KernelInputs, Tensor> Range(OnnxNode node) => x =>
    {
        double start = x.Scalar(0);
        double limit = x.Scalar(1);
        double delta = x.Scalar(2);
        double count = Math.Ceiling((limit - start) / delta);
        if (delta == 0 || !double.IsFinite(count))
        {
            throw node.Error($"it counts from {start} to {limit} in steps of {delta}, which never ends.");
        }

        long[] size = node.Checked([(long)Math.Clamp(count, 0, long.MaxValue)]);
        return HeldOperations.CountTo(size[0], ScalarType.Float64).mul(HeldScalar.Of(delta)).Plus(start).to(x[0].dtype);
    };

    private static Func<Tensor, Tensor> Diagonal(OnnxNode node)
    {
        long offset = node.Attributes.Int("k", 0);
        long type = node.Attributes.Int("dtype", 0);
        return x =>
        {
            long[] shape = x.dim() == 2 ? x.shape : throw node.Error($"its input is {TensorSizes.Text(x.shape)}; expected a matrix.");
            Tensor rows = HeldOperations.CountTo(shape[0], ScalarType.Int64).unsqueeze(1);
            Tensor columns = HeldOperations.CountTo(shape[1], ScalarType.Int64).unsqueeze(0);
            return columns.sub(rows).eq(HeldScalar.Of(offset)).to(type == 0 ? x.dtype : node.TypeOf(type)).to(x.device);
        };
    }
}
