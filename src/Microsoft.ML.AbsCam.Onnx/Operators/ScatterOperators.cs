using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>A tensor with some of its numbers written over, at places that are told.</summary>
internal static class ScatterOperators
{
    /// <summary>An index is sorted among the others on the way: as long as this many multiply-adds.</summary>
    private const double CostOfIndex = 10_000;

    public static IEnumerable<OperatorDefinition> All =>
    [
        .. Definitions.Select(definition => definition with { Axes = AxisRules.Written, Bound = Bounds.First, Adjoint = SelectionAdjoints.Written }),
    ];

    private static OperatorDefinition[] Definitions =>
    [
        OperatorDefinition.Of("Scatter", 3, 3, ByElements) with { Slow = _ => x => CostOfIndex * x[1].numel() },
        OperatorDefinition.Of("ScatterElements", 3, 3, ByElements) with { Slow = _ => x => CostOfIndex * x[1].numel() },
        OperatorDefinition.Of("ScatterND", 3, 3, ByTuples) with { Slow = _ => x => CostOfIndex * x[1].numel() },
    ];

    private static Func<KernelInputs, Tensor> ByElements(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", 0);
        Func<Tensor, Tensor, Tensor>? combine = Reduction(node);
        return x =>
        {
            long[] shape = x[0].shape;
            long[] indexed = x[1].shape;
            int along = Operands.Axis(node, axis, shape.Length);
            if (indexed.Length != shape.Length || indexed.Where((size, i) => i != along && size > shape[i]).Any())
            {
                throw node.Error($"its indices {TensorSizes.Text(indexed)} do not lie within its input {TensorSizes.Text(shape)}.");
            }

            CheckUpdates(node, x, indexed);
            Tensor places = Indices.Within(node, x[1], shape[along]).mul(HeldScalar.Of(Step(shape, along)));
            for (int i = 0; i < shape.Length; i++)
            {
                if (i != along)
                {
                    long[] alone = [.. Enumerable.Repeat(1L, shape.Length)];
                    alone[i] = indexed[i];
                    places = places.Plus(HeldOperations.CountTo(indexed[i], ScalarType.Int64, places.device).mul(HeldScalar.Of(Step(shape, i))).reshape(alone));
                }
            }

            return Scattering.Into(x[0].reshape(-1, 1), HostValues.Ints(places.flatten()), x[2].to(x[0].device).reshape(-1, 1), combine).reshape(shape);
        };
    }

    // Each tuple of indices names a place of the leading axes, and an update is all that lies there.
    private static Func<KernelInputs, Tensor> ByTuples(OnnxNode node)
    {
        Func<Tensor, Tensor, Tensor>? combine = Reduction(node);
        return x =>
        {
            long[] shape = x[0].shape;
            long[] indexed = x[1].shape;
            int depth = indexed.Length == 0 ? 0 : (int)Math.Min(indexed[^1], int.MaxValue);
            if (depth < 1 || depth > shape.Length)
            {
                throw node.Error($"its indices {TensorSizes.Text(indexed)} have {depth} numbers each; expected 1 to {shape.Length}, the axes of its input {TensorSizes.Text(shape)}.");
            }

            long[] rest = shape[depth..];
            CheckUpdates(node, x, [.. indexed[..^1], .. rest]);
            long numbers = (long)TensorSizes.Product(rest);
            if (x[0].numel() == 0 || x[2].numel() == 0)
            {
                return x[0];
            }

            Tensor tuples = x[1].reshape(-1, depth);
            Tensor places = zeros(tuples.shape[0], ScalarType.Int64, tuples.device);
            for (int i = 0; i < depth; i++)
            {
                places = places.mul(HeldScalar.Of(shape[i])).Plus(Indices.Within(node, tuples.select(1, i), shape[i]));
            }

            return Scattering.Into(x[0].reshape(-1, numbers), HostValues.Ints(places), x[2].to(x[0].device).reshape(-1, numbers), combine).reshape(shape);
        };
    }

    private static void CheckUpdates(OnnxNode node, KernelInputs x, long[] expected)
    {
        if (!x[2].shape.AsSpan().SequenceEqual(expected))
        {
            throw node.Error($"its updates are {TensorSizes.Text(x[2].shape)}; expected {TensorSizes.Text(expected)}.");
        }

        if (x[2].dtype != x[0].dtype)
        {
            throw node.Error($"its updates are {x[2].dtype} and its input is {x[0].dtype}; expected one type.");
        }
    }

    private static Func<Tensor, Tensor, Tensor>? Reduction(OnnxNode node) => node.Attributes.OneOf("reduction", "none", "none", "add", "mul", "max", "min") switch
    {
        "add" => (a, b) => a.Plus(b),
        "mul" => (a, b) => a.mul(b),
        "max" => (a, b) => a.maximum(b),
        "min" => (a, b) => a.minimum(b),
        _ => null,
    };

    // How many numbers lie from one index of an axis to the next.
    private static long Step(long[] shape, int axis) => (long)TensorSizes.Product(shape.AsSpan(axis + 1));
}
