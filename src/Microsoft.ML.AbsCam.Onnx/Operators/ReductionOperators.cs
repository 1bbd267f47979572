using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Along some axes, many numbers become one.</summary>
internal static class ReductionOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        Reduction("ReduceSum", 13, (x, axes, keep) => x.sum(axes, keep, x.dtype)).With(ReductionAdjoints.Sum),
        Reduction("ReduceMean", 18, Mean, ofNothing: 0).With(ReductionAdjoints.Mean),
        Reduction("ReduceMax", 18, (x, axes, keep) => x.amax(axes, keep), ofNothing: double.NegativeInfinity).With(ReductionAdjoints.Extreme),
        Reduction("ReduceMin", 18, (x, axes, keep) => x.amin(axes, keep), ofNothing: double.PositiveInfinity).With(ReductionAdjoints.Extreme),
        Reduction("ReduceProd", 18, Product).With(ReductionAdjoints.Product),
        Reduction("ReduceL1", 18, (x, axes, keep) => x.abs().sum(axes, keep, x.dtype)).With(ReductionAdjoints.SumOfLengths),
        Reduction("ReduceL2", 18, (x, axes, keep) => Roots.Of(x.Squared().sum(axes, keep), 2).to(x.dtype)).With(ReductionAdjoints.Length),
        Reduction("ReduceSumSquare", 18, (x, axes, keep) => x.Squared().sum(axes, keep, x.dtype)).With(ReductionAdjoints.SumOfSquares),
        Reduction("ReduceLogSum", 18, (x, axes, keep) => x.sum(axes, keep).log()).With(ReductionAdjoints.LogSum),
        Reduction("ReduceLogSumExp", 18, LogSumExp, ofNothing: double.NegativeInfinity).With(ReductionAdjoints.LogSumExp),
        OperatorDefinition.Unary("ArgMax", node => Extreme(node, (x, axis) => x.argmax(axis, keepdim: true))) with { Axes = AxisRules.RankAlong(0) },
        OperatorDefinition.Unary("ArgMin", node => Extreme(node, (x, axis) => x.argmin(axis, keepdim: true))) with { Axes = AxisRules.RankAlong(0) },
    ];

    /// <param name="name">The operator.</param>
    /// <param name="axesMoved">The operator set from which the axes are an input instead of an attribute.</param>
    /// <param name="reduce">Value, axes and whether a reduced axis stays with size 1.</param>
    /// <param name="ofNothing">What an axis of size 0 becomes, as ONNX Runtime has it; null where <paramref name="reduce"/> knows.</param>
    private static OperatorDefinition Reduction(string name, long axesMoved, Func<Tensor, long[], bool, Tensor> reduce, double? ofNothing = null) =>
        OperatorDefinition.Of(name, 1, 2, node =>
        {
            bool keep = node.Attributes.Flag("keepdims", otherwise: true);
            bool emptyMeansNone = node.Attributes.Flag("noop_with_empty_axes");
            long[] attribute = node.Attributes.Ints("axes") ?? [];
            return x =>
            {
                long[] axes = node.Opset < axesMoved ? attribute : x.OptionalInts(1) ?? [];
                long rank = x[0].dim();
                if (axes.Length == 0)
                {
                    if (emptyMeansNone || rank == 0)
                    {
                        return x[0];
                    }

                    axes = [.. Enumerable.Range(0, (int)rank).Select(axis => (long)axis)];
                }

                axes = [.. axes.Select(axis => (long)Operands.Axis(node, axis, rank)).Distinct()];
                return ofNothing is double value && x[0].numel() == 0 && x[0].is_floating_point()
                    ? x[0].sum(axes, keep, x[0].dtype).Plus(value)
                    : reduce(x[0], axes, keep);
            };
        }).And(OperatorTraits.ChannelsApart, AxisRules.Reduce);

    private static Tensor Mean(Tensor x, long[] axes, bool keep) =>
        x.is_floating_point() ? x.mean(axes, keep) : x.to(ScalarType.Float64).mean(axes, keep).to(x.dtype);

    private static Tensor Product(Tensor x, long[] axes, bool keep)
    {
        Tensor product = x;
        foreach (long axis in axes.OrderDescending())
        {
            product = product.prod(axis, keep, x.dtype);
        }

        return product;
    }

    private static Tensor LogSumExp(Tensor x, long[] axes, bool keep)
    {
        // The greatest is taken out first, so that nothing overflows.
        Tensor greatest = x.amax(axes, keepdim: true).detach();
        Tensor sum = x.sub(greatest).exp().sum(axes, keepdim: true).log().Plus(greatest);
        return keep ? sum : sum.sum(axes, keepdim: false);
    }

    private static Func<Tensor, Tensor> Extreme(OnnxNode node, Func<Tensor, long, Tensor> find)
    {
        long axis = node.Attributes.Int("axis", 0);
        bool keep = node.Attributes.Flag("keepdims", otherwise: true);
        bool last = node.Attributes.Flag("select_last_index");
        return x =>
        {
            long along = Operands.Axis(node, axis, x.dim());
            Tensor index = last ? find(x.flip(along), along).neg().Plus(x.shape[along] - 1) : find(x, along);
            return keep ? index : index.squeeze(along);
        };
    }
}
