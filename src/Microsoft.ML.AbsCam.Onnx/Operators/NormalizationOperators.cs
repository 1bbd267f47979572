using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Brings values to a common scale.</summary>
internal static class NormalizationOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("BatchNormalization", 5, 5, Batch).With(NormAdjoints.Batch) with { Axes = AxisRules.Same, Learnt = LearntInputs.Norm },
        OperatorDefinition.Of("InstanceNormalization", 3, 3, Instance).With(NormAdjoints.Instance) with { Axes = AxisRules.Same, Learnt = LearntInputs.Norm },
        OperatorDefinition.Of("GroupNormalization", 3, 3, Group).With(NormAdjoints.Group) with { Axes = AxisRules.Same, Learnt = LearntInputs.Norm },
        new OperatorDefinition("LayerNormalization", 2, 3, (node, _) => Layer(node)) { Adjoint = NormAdjoints.Layer, Axes = AxisRules.Same, Bound = Bounds.Spread, Learnt = LearntInputs.Norm },
        OperatorDefinition.Of("RMSNormalization", 2, 2, RootMeanSquare).With(NormAdjoints.RootMeanSquare) with { Axes = AxisRules.Same, Bound = Bounds.First, Learnt = new LearntInputs([], Scale: 1) },
        OperatorDefinition.Unary("MeanVarianceNormalization", Standard).With(NormAdjoints.Standard) with { Axes = AxisRules.Same },
        OperatorDefinition.Unary("LRN", AcrossChannels).With(NormAdjoints.AcrossChannels) with
        {
            Axes = AxisRules.Same,
            Slow = node => x => Cost.PerNumber * x[0].numel() * Math.Min(node.Attributes.Int("size", 0), x[0].numel()),
        },
        OperatorDefinition.Unary("LpNormalization", ByLength).With(NormAdjoints.ByLength) with { Axes = AxisRules.Same },
    ];

    private static Func<KernelInputs, Tensor> Batch(OnnxNode node)
    {
        double epsilon = Epsilon(node);
        if (node.Attributes.Flag("training_mode") || node.HasOutput(1))
        {
            throw node.Error("it is in training mode, in which every row changes the others; export the model for inference (model.eval()).");
        }

        if (!node.Attributes.Flag("spatial", otherwise: true))
        {
            throw node.Error("'spatial' is 0, which is not supported; export with operator set 9 or later.");
        }

        return x => functional.batch_norm(x[0], x[3], x[4], x[1], x[2], training: false, momentum: 0, eps: epsilon);
    }

    private static Func<KernelInputs, Tensor> Instance(OnnxNode node)
    {
        double epsilon = Epsilon(node);
        return x =>
        {
            long[] each = [1, -1, .. Enumerable.Repeat(1L, (int)x[0].dim() - 2)];
            return Standardised(x[0], Axes(2, x[0].dim()), epsilon).mul(x[1].reshape(each)).Plus(x[2].reshape(each));
        };
    }

    private static Func<KernelInputs, Tensor> Group(OnnxNode node)
    {
        double epsilon = Epsilon(node);
        long groups = node.Attributes.Int("num_groups", 0);
        return x =>
        {
            long[] shape = x[0].shape;
            if (groups < 1 || shape.Length < 3 || shape[1] % groups != 0)
            {
                throw node.Error($"its input {TensorSizes.Text(shape)} cannot be split into {groups} groups of channels.");
            }

            // Until operator set 21 a group had one scale and bias, since then each channel has its own.
            Tensor scale = node.Opset < 21 ? x[1].repeat_interleave(shape[1] / groups) : x[1];
            Tensor bias = node.Opset < 21 ? x[2].repeat_interleave(shape[1] / groups) : x[2];
            return functional.group_norm(x[0], groups, scale, bias, epsilon);
        };
    }

    private static Kernel Layer(OnnxNode node)
    {
        double epsilon = Epsilon(node);
        long axis = node.Attributes.Int("axis", -1);
        return x =>
        {
            int from = Operands.Axis(node, axis, x[0].dim());
            long[] normalized = x[0].shape[from..];
            if (normalized.Contains(0))
            {
                throw node.Error($"its input {TensorSizes.Text(x[0].shape)} has nothing to normalise along the axes from {from} on.");
            }

            Tensor? bias = x.Optional(2);
            if (!node.HasOutput(1) && !node.HasOutput(2) && x[1].shape.AsSpan().SequenceEqual(normalized) && (bias is null || bias.shape.AsSpan().SequenceEqual(normalized)))
            {
                return [functional.layer_norm(x[0], normalized, x[1], bias, epsilon)];
            }

            long[] axes = Axes(from, x[0].dim());
            Tensor mean = x[0].mean(axes, keepdim: true);
            Tensor centred = x[0].sub(mean);
            Tensor inverse = centred.Squared().mean(axes, keepdim: true).Plus(epsilon).rsqrt();
            Tensor scaled = centred.mul(inverse).mul(x[1]);
            return [bias is null ? scaled : scaled.Plus(bias), mean, inverse];
        };
    }

    private static Func<KernelInputs, Tensor> RootMeanSquare(OnnxNode node)
    {
        double epsilon = Epsilon(node);
        long axis = node.Attributes.Int("axis", -1);
        return x =>
        {
            long[] axes = Axes(Operands.Axis(node, axis, x[0].dim()), x[0].dim());
            Tensor scaled = x[0].mul(x[0].Squared().mean(axes, keepdim: true).Plus(epsilon).rsqrt());

            // The format lets the scale be spread over the input, and not the other way round.
            return scaled.mul(x[1].expand(x[0].shape));
        };
    }

    private static Func<Tensor, Tensor> Standard(OnnxNode node)
    {
        // As the format's own definition has it, where nothing varies.
        const double Least = 1e-9;
        long[] named = node.Attributes.Ints("axes") ?? [0, 2, 3];
        return x =>
        {
            long[] axes = [.. named.Select(axis => (long)Operands.Axis(node, axis, x.dim())).Distinct()];
            Tensor centred = axes.Length == 0 ? zeros_like(x) : x.sub(x.mean(axes, keepdim: true));
            return axes.Length == 0 ? centred : centred.div(Roots.Of(centred.Squared().mean(axes, keepdim: true), 2).Plus(Least));
        };
    }

    private static Func<Tensor, Tensor> AcrossChannels(OnnxNode node)
    {
        double alpha = node.Attributes.Float("alpha", 1e-4f);
        double beta = node.Attributes.Float("beta", 0.75f);
        double bias = node.Attributes.Float("bias", 1);
        long size = node.Attributes.Int("size", 0);
        if (size is < 1 or > 1 << 16)
        {
            throw node.Error($"'size' is {size}; expected a positive number of channels.");
        }

        return x =>
        {
            // An even window reaches one channel further up than down.
            long channels = x.shape[1];
            long below = (size - 1) / 2;
            Tensor squares = x.Squared();
            Tensor sum = squares;
            for (long shift = -below; shift < size - below; shift++)
            {
                long overlap = channels - Math.Abs(shift);
                if (shift == 0 || overlap <= 0)
                {
                    continue;
                }

                Tensor neighbours = squares.narrow(1, Math.Max(shift, 0), overlap);
                Tensor none = zeros_like(squares.narrow(1, 0, channels - overlap));
                sum = sum.Plus(shift > 0 ? cat([neighbours, none], 1) : cat([none, neighbours], 1));
            }

            return x.div(sum.mul(HeldScalar.Of(alpha / size)).Plus(bias).pow(HeldScalar.Of(beta)));
        };
    }

    private static Func<Tensor, Tensor> ByLength(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", -1);
        long p = node.Attributes.Int("p", 2);
        if (p is not (1 or 2))
        {
            throw node.Error($"'p' is {p}; expected 1 or 2.");
        }

        return x =>
        {
            long along = Operands.Axis(node, axis, x.dim());
            Tensor length = p == 1 ? x.abs().sum(along, keepdim: true) : Roots.Of(x.Squared().sum(along, keepdim: true), 2);
            return x.div(length.masked_fill(length.eq(HeldScalar.Of(0)), HeldScalar.Of(1)));
        };
    }

    private static Tensor Standardised(Tensor x, long[] axes, double epsilon)
    {
        Tensor centred = x.sub(x.mean(axes, keepdim: true));
        return centred.mul(centred.Squared().mean(axes, keepdim: true).Plus(epsilon).rsqrt());
    }

    private static long[] Axes(int from, long rank) => [.. Enumerable.Range(from, (int)rank - from).Select(axis => (long)axis)];

    private static double Epsilon(OnnxNode node) => node.Attributes.Float("epsilon", 1e-5f);
}
