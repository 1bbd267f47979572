using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Some of a tensor's numbers, picked by position.</summary>
internal static class SelectionOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("Slice", 1, 5, Slicing.Build).With(SelectionAdjoints.Slice) with { Axes = AxisRules.Slice, Field = FieldRules.Slice },
        OperatorDefinition.Of("Pad", 1, 4, Padding.Build).With(SelectionAdjoints.Pad).And(OperatorTraits.SameNumbers | OperatorTraits.Borders, AxisRules.Crop),
        OperatorDefinition.Of("Gather", 2, 2, Gather).With(SelectionAdjoints.Picked) with { Axes = AxisRules.Gather, Bound = Gathered },
        OperatorDefinition.Of("GatherElements", 2, 2, GatherElements).With(SelectionAdjoints.Picked),
        OperatorDefinition.Of("OneHot", 3, 3, OneHotEncoding.Build) with { Bound = OneHotEncoding.Bound },
        OperatorDefinition.Of("GatherND", 2, 2, GatherMany).With(SelectionAdjoints.Picked) with { Bound = GatheredMany },
        OperatorDefinition.Of("Trilu", 1, 2, Triangle).With(SelectionAdjoints.Picked) with { Axes = AxisRules.Same },
        OperatorDefinition.Of("CumSum", 2, 2, node => Running(node, (x, axis) => x.cumsum(axis, x.dtype), 0)).With(LinearAdjoints.CumSum) with { Axes = AxisRules.Same },
        OperatorDefinition.Of("CumProd", 2, 2, node => Running(node, (x, axis) => x.cumprod(axis, x.dtype), 1)) with { Axes = AxisRules.Same },
        new OperatorDefinition("TopK", 1, 2, (node, _) => Top(node)) { Adjoint = SelectionAdjoints.TopK, Axes = AxisRules.RankAlong(-1) },
    ];

    private static Func<KernelInputs, long[]?> Gathered(OnnxNode node) => x =>
    {
        long[] from = x[0].shape;
        int axis = Operands.Axis(node, node.Attributes.Int("axis", 0), from.Length);
        return [.. from[..axis], .. x[1].shape, .. from[(axis + 1)..]];
    };

    private static Func<KernelInputs, long[]?> GatheredMany(OnnxNode node) => x =>
    {
        (long[] from, long[] indices) = (x[0].shape, x[1].shape);
        long depth = indices.Length == 0 ? 0 : indices[^1] + node.Attributes.Int("batch_dims", 0);
        return depth < 0 || depth > from.Length ? indices : [.. indices[..^1], .. from[(int)depth..]];
    };

    private static Func<KernelInputs, Tensor> Gather(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", 0);
        return x =>
        {
            long[] shape = x[0].shape;
            int along = Operands.Axis(node, axis, shape.Length);
            if (x[1].dim() == 0)
            {
                return x[0].select(along, x.Ints(1)[0]);
            }

            Tensor picked = x[0].index_select(along, Indices.FromStart(x[1].flatten(), shape[along]).to(x[0].device));
            return picked.reshape([.. shape[..along], .. x[1].shape, .. shape[(along + 1)..]]);
        };
    }

    private static Func<KernelInputs, Tensor> GatherElements(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", 0);
        return x =>
        {
            int along = Operands.Axis(node, axis, x[0].dim());
            return x[0].gather(along, Indices.FromStart(x[1], x[0].shape[along]).to(x[0].device));
        };
    }

    // The index tuples become positions in the input with its leading axes flattened.
    private static Func<KernelInputs, Tensor> GatherMany(OnnxNode node)
    {
        long batchAxes = node.Attributes.Int("batch_dims", 0);
        return x =>
        {
            long[] shape = x[0].shape;
            long[] indexShape = x[1].shape;
            int batch = batchAxes >= 0 && batchAxes < Math.Min(shape.Length, indexShape.Length) ? (int)batchAxes : throw node.Error($"'batch_dims' is {batchAxes}, which its inputs {TensorSizes.Text(shape)} and {TensorSizes.Text(indexShape)} do not have.");
            int depth = (int)Math.Min(indexShape[^1], int.MaxValue);
            if (depth < 1 || batch + depth > shape.Length)
            {
                throw node.Error($"its indices {TensorSizes.Text(indexShape)} have more numbers than its input {TensorSizes.Text(shape)} has axes.");
            }

            long batches = shape[..batch].Aggregate(1L, (product, size) => product * size);
            Tensor tuples = x[1].to(ScalarType.Int64).reshape(batches, -1, depth);
            Tensor position = HeldOperations.CountTo(batches, ScalarType.Int64, tuples.device).unsqueeze(1).expand(batches, tuples.shape[1]);
            for (int i = 0; i < depth; i++)
            {
                long size = shape[batch + i];
                position = position.mul(HeldScalar.Of(size)).Plus(Indices.Within(node, tuples.select(2, i), size));
            }

            long[] rest = shape[(batch + depth)..];
            Tensor picked = x[0].reshape([-1, .. rest]).index_select(0, position.flatten().to(x[0].device));
            return picked.reshape([.. indexShape[..^1], .. rest]);
        };
    }

    private static Func<KernelInputs, Tensor> Triangle(OnnxNode node)
    {
        bool upper = node.Attributes.Flag("upper", otherwise: true);
        return x =>
        {
            // A diagonal outside the matrix is as good as its edge.
            long limit = x[0].shape.Length < 2 ? throw node.Error("its input is not a matrix.") : Math.Max(x[0].shape[^1], x[0].shape[^2]);
            long diagonal = Math.Clamp(x.OptionalInts(1)?.Single() ?? 0, -limit, limit);
            return upper ? x[0].triu(diagonal) : x[0].tril(diagonal);
        };
    }

    // Without itself each number has what the one before it has, and the first what nothing gives.
    private static Func<KernelInputs, Tensor> Running(OnnxNode node, Func<Tensor, long, Tensor> accumulate, long ofNothing)
    {
        bool exclusive = node.Attributes.Flag("exclusive");
        bool reverse = node.Attributes.Flag("reverse");
        return x =>
        {
            int along = Operands.Axis(node, x.Ints(1).Single(), x[0].dim());
            Tensor made = accumulate(reverse ? x[0].flip(along) : x[0], along);
            if (exclusive && made.shape[along] > 0)
            {
                made = cat([full_like(made.narrow(along, 0, 1), HeldScalar.Of(ofNothing)), made.narrow(along, 0, made.shape[along] - 1)], along);
            }

            return reverse ? made.flip(along) : made;
        };
    }

    private static Kernel Top(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", -1);
        bool largest = node.Attributes.Flag("largest", otherwise: true);
        bool sorted = node.Attributes.Flag("sorted", otherwise: true);
        long attribute = node.Attributes.Int("k", -1);
        return x =>
        {
            int along = Operands.Axis(node, axis, x[0].dim());
            long k = node.Opset < 10 ? attribute : x.Ints(1).Single();
            if (k < 0 || k > x[0].shape[along])
            {
                throw node.Error($"it takes the first {k} of {x[0].shape[along]} values.");
            }

            (Tensor values, Tensor indices) = x[0].topk((int)k, along, largest, sorted);
            return [values, indices];
        };
    }
}
