using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>The same numbers in another shape, order or type.</summary>
internal static class ShapeOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        .. Reshaping.Select(definition => definition.And(OperatorTraits.SameNumbers, AxisRules.Reshape)),
        .. Handing.Select(definition => definition.And(OperatorTraits.SameNumbers | OperatorTraits.ChannelsApart, AxisRules.Same)),
        OperatorDefinition.Unary("Transpose", Transpose).With(ShapeAdjoints.Transpose).And(OperatorTraits.SameNumbers, AxisRules.Transpose),
        OperatorDefinition.Unary("DepthToSpace", DepthToSpace).With(ShapeAdjoints.DepthToSpace).And(OperatorTraits.SameNumbers, AxisRules.DepthToSpace),
        OperatorDefinition.Unary("SpaceToDepth", SpaceToDepth).With(ShapeAdjoints.SpaceToDepth).And(OperatorTraits.SameNumbers, AxisRules.SpaceToDepth),
        OperatorDefinition.Of("Expand", 2, 2, _ => x => x[0].expand(Expanded(x))).With(ShapeAdjoints.Expand) with { Axes = AxisRules.Repeat, Bound = _ => Expanded },
    ];

    private static OperatorDefinition[] Reshaping =>
    [
        OperatorDefinition.Of("Reshape", 2, 2, Reshape).With(ShapeAdjoints.Reshape),
        OperatorDefinition.Unary("Flatten", Flatten).With(ShapeAdjoints.Reshape),
        OperatorDefinition.Of("Squeeze", 1, 2, Squeeze).With(ShapeAdjoints.Reshape),
        OperatorDefinition.Of("Unsqueeze", 1, 2, Unsqueeze).With(ShapeAdjoints.Reshape),
    ];

    private static OperatorDefinition[] Handing =>
    [
        OperatorDefinition.Unary("Identity", x => x).With(PointwiseAdjoints.Handed),
        OperatorDefinition.Unary("Cast", Cast).With(PointwiseAdjoints.Handed),
        OperatorDefinition.Of("CastLike", 2, 2, _ => x => x[0].to(x[1].dtype)).With(PointwiseAdjoints.Handed),
        new OperatorDefinition("Dropout", 1, 3, (node, _) => Dropout(node)) { Adjoint = PointwiseAdjoints.Handed },
    ];

    private static Func<KernelInputs, Tensor> Reshape(OnnxNode node)
    {
        bool zeroMeansZero = node.Attributes.Flag("allowzero");
        return x =>
        {
            long[] from = x[0].shape;
            long[] to = [.. x.Ints(1)];
            for (int i = 0; i < to.Length; i++)
            {
                if (to[i] == 0 && !zeroMeansZero)
                {
                    to[i] = i < from.Length ? from[i] : throw node.Error($"it copies the size of axis {i}, which its input {TensorSizes.Text(from)} does not have.");
                }
            }

            return x[0].reshape(to);
        };
    }

    private static Func<Tensor, Tensor> Flatten(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", 1);
        return x =>
        {
            int at = Operands.Axis(node, axis, x.dim(), mayBeRank: true);
            long rows = x.shape[..at].Aggregate(1L, (product, size) => product * size);
            long columns = x.shape[at..].Aggregate(1L, (product, size) => product * size);
            return x.reshape(rows, columns);
        };
    }

    private static Func<KernelInputs, Tensor> Squeeze(OnnxNode node)
    {
        long[]? attribute = node.Attributes.Ints("axes");
        return x =>
        {
            long[] shape = x[0].shape;
            long[]? axes = node.Opset < 13 ? attribute : x.OptionalInts(1);
            bool[] drop = [.. shape.Select(size => axes is null && size == 1)];
            foreach (long axis in axes ?? [])
            {
                int at = Operands.Axis(node, axis, shape.Length);
                drop[at] = shape[at] == 1 ? true : throw node.Error($"it drops axis {axis} of {TensorSizes.Text(shape)}, which is not of size 1.");
            }

            return x[0].reshape([.. shape.Where((_, i) => !drop[i])]);
        };
    }

    private static Func<KernelInputs, Tensor> Unsqueeze(OnnxNode node)
    {
        long[]? attribute = node.Attributes.Ints("axes");
        return x =>
        {
            long[] axes = (node.Opset < 13 ? attribute : x.OptionalInts(1)) ?? throw node.Error("its axes are missing; the file is damaged.");
            long rank = x[0].dim() + axes.Length;
            List<long> shape = [.. x[0].shape];
            foreach (int axis in axes.Select(axis => Operands.Axis(node, axis, rank)).Order())
            {
                shape.Insert(axis, 1);
            }

            return x[0].reshape([.. shape]);
        };
    }

    private static Func<Tensor, Tensor> Transpose(OnnxNode node)
    {
        long[]? order = node.Attributes.Ints("perm");
        return x => x.permute(order ?? [.. Enumerable.Range(0, (int)x.dim()).Reverse().Select(axis => (long)axis)]);
    }

    private static long[] Expanded(KernelInputs x)
    {
        long[] from = x[0].shape;
        long[] to = x.Ints(1);
        int rank = Math.Max(from.Length, to.Length);
        long[] target = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            long own = i < rank - from.Length ? 1 : from[i - (rank - from.Length)];
            long asked = i < rank - to.Length ? 1 : to[i - (rank - to.Length)];
            target[i] = asked == 1 ? own : asked;
        }

        return target;
    }

    private static Func<Tensor, Tensor> DepthToSpace(OnnxNode node)
    {
        long block = Block(node);
        bool columnRowDepth = node.Attributes.OneOf("mode", "DCR", "DCR", "CRD") == "CRD";
        return x =>
        {
            long[] s = Image(node, x);
            long depth = s[1] / (block * block);
            Tensor spread = columnRowDepth
                ? x.reshape(s[0], depth, block, block, s[2], s[3]).permute(0, 1, 4, 2, 5, 3)
                : x.reshape(s[0], block, block, depth, s[2], s[3]).permute(0, 3, 4, 1, 5, 2);
            return spread.reshape(s[0], depth, s[2] * block, s[3] * block);
        };
    }

    private static Func<Tensor, Tensor> SpaceToDepth(OnnxNode node)
    {
        long block = Block(node);
        return x =>
        {
            long[] s = Image(node, x);
            return x.reshape(s[0], s[1], s[2] / block, block, s[3] / block, block)
                .permute(0, 3, 5, 1, 2, 4)
                .reshape(s[0], s[1] * block * block, s[2] / block, s[3] / block);
        };
    }

    private static Func<Tensor, Tensor> Cast(OnnxNode node)
    {
        long to = node.Attributes.Int("to", 0);
        ScalarType type = node.TypeOf(to);
        return to switch
        {
            // Rounded to the narrow type, though kept in the wide one.
            ElementTypes.Float16 => x => x.to(ScalarType.Float16).to(type),
            ElementTypes.BFloat16 => x => x.to(ScalarType.BFloat16).to(type),
            _ => x => x.to(type),
        };
    }

    private static Kernel Dropout(OnnxNode node)
    {
        // Since operator set 12 the third input may switch training on; anything before is inference.
        if (node.Opset >= 12 && node.HasInput(2) && node.ConstantScalar(2) is not 0)
        {
            throw node.Error("it is in training mode; export the model for inference (model.eval()).");
        }

        return x => [x[0], node.HasOutput(1) ? ones(x[0].shape, ScalarType.Bool, x[0].device) : null];
    }

    private static long Block(OnnxNode node)
    {
        long block = node.Attributes.Int("blocksize", 0);
        return block is > 0 and < 1 << 16 ? block : throw node.Error($"'blocksize' is {block}; expected a positive number.");
    }

    private static long[] Image(OnnxNode node, Tensor x) =>
        x.dim() == 4 ? x.shape : throw node.Error($"its input is {TensorSizes.Text(x.shape)}; expected [batch, channels, height, width].");
}
