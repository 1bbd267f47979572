using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>A window, or the whole map, becomes one number.</summary>
internal static class PoolingOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        .. OfWindows.Select(definition => definition.And(OperatorTraits.Pools | OperatorTraits.ChannelsApart, AxisRules.Pool) with { Field = FieldRules.Window, Slow = CostOfWindows }),
        .. OfAll.Select(definition => definition.And(OperatorTraits.ChannelsApart, AxisRules.Reduce)),
    ];

    private static OperatorDefinition[] OfWindows =>
    [
        MaxPooling.Definition,
        OperatorDefinition.Unary("AveragePool", Average).With(WindowAdjoints.AveragePool),
        OperatorDefinition.Unary("LpPool", PowerMean).With(WindowAdjoints.LpPool),
    ];

    private static OperatorDefinition[] OfAll =>
    [
        OperatorDefinition.Unary("GlobalAveragePool", node => x => x.mean(Spatial(node, x), keepdim: true)).With(ReductionAdjoints.Mean),
        OperatorDefinition.Unary("GlobalMaxPool", node => x => x.amax(Spatial(node, x), keepdim: true)).With(ReductionAdjoints.Extreme),
        OperatorDefinition.Unary("GlobalLpPool", node =>
        {
            double p = node.Attributes.Int("p", 2);
            return x => Roots.Of(x.abs().pow(HeldScalar.Of(p)).sum(Spatial(node, x), keepdim: true), p);
        }).With(ReductionAdjoints.PowerMean),
    ];

    /// <summary>The window's size, checked against the input.</summary>
    public static long[] Kernel(OnnxNode node, Windows windows, Tensor x)
    {
        long[] kernel = windows.Kernel ?? throw node.Error("'kernel_shape' is missing; the file is damaged.");
        if (kernel.Length is not (>= 1 and <= 3) || x.dim() != kernel.Length + 2)
        {
            throw node.Error($"its input {TensorSizes.Text(x.shape)} does not fit its window {TensorSizes.Text(kernel)}; expected [batch, channels, …] with one to three axes to slide along.");
        }

        windows.CheckBorder(kernel);
        (long[] before, long[] after) = windows.PoolingPads(kernel, x.shape.AsSpan(2));
        node.Checked([.. x.shape[..2], .. kernel.Select((_, i) => Math.Max(0, x.shape[i + 2] + before[i] + after[i]))]);
        return kernel;
    }

    // Each number of each window, as far as windows reach into the input with its border.
    private static Func<KernelInputs, double> CostOfWindows(OnnxNode node)
    {
        Windows windows = new(node);
        return x =>
        {
            long[] kernel = Kernel(node, windows, x[0]);
            (long[] before, long[] after) = windows.PoolingPads(kernel, x[0].shape.AsSpan(2));
            long[] padded = Windows.Padded(x[0].shape.AsSpan(2), before, after);
            (long[] strides, long[] dilations) = windows.Within(kernel, padded);
            return Cost.PerNumber * (TensorSizes.Product(padded) + (TensorSizes.Product(Windows.Places(kernel, padded, strides, dilations)) * TensorSizes.Product(kernel))) * TensorSizes.Product(x[0].shape.AsSpan(0, 2));
        };
    }

    private static Func<Tensor, Tensor> Average(OnnxNode node)
    {
        Windows windows = new(node);
        bool countPads = node.Attributes.Flag("count_include_pad");
        return x =>
        {
            long[] kernel = Kernel(node, windows, x);
            int rank = kernel.Length;
            long[] strides = windows.Strides(rank);
            (long[] before, long[] after) = windows.Pads(kernel, x.shape.AsSpan(2));
            bool plain = rank == 2 && windows.StepsInside(x.shape.AsSpan(2)) && before.AsSpan().SequenceEqual(after) && before.Zip(kernel).All(pair => pair.First >= 0 && pair.First <= pair.Second / 2)
                && windows.Dilations(rank).All(dilation => dilation == 1);
            if (plain)
            {
                return functional.avg_pool2d(x, kernel, strides, before, windows.ReachesOverTheEnd, countPads);
            }

            // Uneven pads: sums of the padded input over sums of what counts.
            (_, long[] reach) = windows.PoolingPads(kernel, x.shape.AsSpan(2));
            Tensor counted = ones([1, 1, .. x.shape[2..]], x.dtype, x.device);
            counted = countPads
                ? windows.Pad(windows.Pad(counted, before, after, 1), new long[rank], [.. reach.Select((size, i) => size - after[i])])
                : windows.Pad(counted, before, reach);
            return Sums(windows, windows.Pad(x, before, reach), kernel).div(Sums(windows, counted, kernel));
        };
    }

    private static Func<Tensor, Tensor> PowerMean(OnnxNode node)
    {
        Windows windows = new(node);
        double p = node.Attributes.Int("p", 2);
        return x =>
        {
            long[] kernel = Kernel(node, windows, x);
            (long[] before, long[] after) = windows.PoolingPads(kernel, x.shape.AsSpan(2));
            return Roots.Of(Sums(windows, windows.Pad(x.abs().pow(HeldScalar.Of(p)), before, after), kernel), p);
        };
    }

    // Each channel by itself with a window of ones.
    private static Tensor Sums(Windows windows, Tensor x, long[] kernel)
    {
        int rank = kernel.Length;
        long channels = x.shape[1];
        Tensor window = ones([channels, 1, .. kernel], x.dtype, x.device);
        (long[] strides, long[] dilations) = windows.Within(kernel, x.shape[2..]);
        return rank switch
        {
            1 => functional.conv1d(x, window, null, strides[0], 0, dilations[0], channels),
            2 => functional.conv2d(x, window, null, strides, new long[2], dilations, channels),
            _ => functional.conv3d(x, window, null, strides, new long[3], dilations, channels),
        };
    }

    private static long[] Spatial(OnnxNode node, Tensor x) =>
        x.dim() >= 3 && !x.shape.AsSpan(2).Contains(0)
            ? [.. Enumerable.Range(2, (int)x.dim() - 2).Select(axis => (long)axis)]
            : throw node.Error($"its input is {TensorSizes.Text(x.shape)}; expected [batch, channels, …] with axes to pool over, none of them empty.");
}
