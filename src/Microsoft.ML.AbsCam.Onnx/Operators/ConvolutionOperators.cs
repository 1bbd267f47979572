using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Convolutions over one to three axes.</summary>
internal static class ConvolutionOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("Conv", 2, 3, Convolve).With(WindowAdjoints.Conv) with
        {
            Axes = AxisRules.Convolution,
            Bound = Convolved,
            Slow = CostOfNarrow,
            Field = FieldRules.Window,
            Learnt = new LearntInputs([1], Bias: 2),
            Work = (_, inputs, output) => TensorSizes.Product(output) * TensorSizes.Product(inputs[1].AsSpan(1)),
        },
        OperatorDefinition.Of("ConvTranspose", 2, 3, Transpose).With(WindowAdjoints.ConvTranspose) with
        {
            Axes = AxisRules.Transposed,
            Bound = Spread,
            Field = FieldRules.Unknown,
            Learnt = new LearntInputs([1], Bias: 2),
            Work = (_, inputs, _) => TensorSizes.Product(inputs[0]) * TensorSizes.Product(inputs[1].AsSpan(1)),
        },
    ];

    private static Func<KernelInputs, long[]?> Convolved(OnnxNode node)
    {
        Windows windows = new(node);
        return x =>
        {
            long[] kernel = KernelShape(node, windows, x);
            (long[] before, long[] after) = windows.Pads(kernel, x[0].shape.AsSpan(2));
            long[] padded = Windows.Padded(x[0].shape.AsSpan(2), before, after);
            (long[] strides, long[] dilations) = windows.Within(kernel, padded);
            long[] places = Windows.Places(kernel, padded, strides, dilations);
            if (x[0].dtype != ScalarType.Float32)
            {
                // Without a kernel of its own, the tensor library lays out every window side by side.
                node.Checked([x[0].shape[0], x[0].shape[1], .. kernel, .. places]);
            }

            return [x[0].shape[0], x[1].shape[0], .. places];
        };
    }

    // Few channels leave most of a processor's lanes idle: up to eight times as long for each product.
    private static Func<KernelInputs, double> CostOfNarrow(OnnxNode node)
    {
        const double Wide = 64;
        const double Slowest = 8;
        long groups = Groups(node);
        Func<KernelInputs, long[]?> bound = Convolved(node);
        return x =>
        {
            long[] weights = x[1].shape;
            double factor = Math.Clamp(Wide / Math.Max(1, Math.Min(weights[1], weights[0] / groups)), 1, Slowest);
            return (factor - 1) * TensorSizes.Product(bound(x)!) * TensorSizes.Product(weights.AsSpan(1));
        };
    }

    private static Func<KernelInputs, Tensor> Convolve(OnnxNode node)
    {
        Windows windows = new(node);
        long groups = Groups(node);
        return x =>
        {
            long[] kernel = KernelShape(node, windows, x);
            long[] weights = x[1].shape;
            if (x[0].shape[1] != weights[1] * groups || weights[0] % groups != 0)
            {
                throw node.Error($"its input has {x[0].shape[1]} channels; its weights {TensorSizes.Text(weights)} in {groups} groups take {weights[1] * groups}.");
            }

            (long[] before, long[] after) = windows.Pads(kernel, x[0].shape.AsSpan(2));
            long[] padded = Windows.Padded(x[0].shape.AsSpan(2), before, after);
            (long[] strides, long[] dilations) = windows.Within(kernel, padded);
            Tensor input = x[0];
            long[] padding = before;
            if (!before.AsSpan().SequenceEqual(after))
            {
                input = windows.Pad(input, before, after);
                padding = new long[kernel.Length];
            }

            return kernel.Length switch
            {
                1 => functional.conv1d(input, x[1], x.Optional(2), strides[0], padding[0], dilations[0], groups),
                2 => functional.conv2d(input, x[1], x.Optional(2), strides, padding, dilations, groups),
                _ => functional.conv3d(input, x[1], x.Optional(2), strides, padding, dilations, groups),
            };
        };
    }

    // Before anything is cut off.
    private static Func<KernelInputs, long[]?> Spread(OnnxNode node)
    {
        Windows windows = new(node);
        long groups = Groups(node);
        return x =>
        {
            long[] kernel = KernelShape(node, windows, x);
            long[] strides = windows.Strides(kernel.Length);
            long[] dilations = windows.Dilations(kernel.Length);
            return [x[0].shape[0], x[1].shape[1] * groups, .. kernel.Select((size, i) => ((x[0].shape[i + 2] - 1) * strides[i]) + Windows.Extent(size, dilations[i]))];
        };
    }

    private static Func<KernelInputs, Tensor> Transpose(OnnxNode node)
    {
        Windows windows = new(node);
        long groups = Groups(node);
        long[]? outputPadding = node.Attributes.Ints("output_padding");
        long[]? outputShape = node.Attributes.Ints("output_shape");
        return x =>
        {
            long[] kernel = KernelShape(node, windows, x);
            int rank = kernel.Length;
            long[] sizes = x[0].shape[2..];

            // Between the numbers of an axis of one, or of a window of one, there is no step.
            long[] strides = [.. windows.Strides(rank).Select((stride, i) => sizes[i] == 1 ? 1 : stride)];
            long[] dilations = [.. windows.Dilations(rank).Select((dilation, i) => kernel[i] == 1 ? 1 : dilation)];
            long[] extra = windows.Exactly(outputPadding, rank, 0, "output_padding");
            long[] full = [.. sizes.Select((size, i) => ((size - 1) * strides[i]) + Windows.Extent(kernel[i], dilations[i]))];
            if (x[0].shape[1] != x[1].shape[0] || x[1].shape[0] % groups != 0)
            {
                throw node.Error($"its input has {x[0].shape[1]} channels; its weights {TensorSizes.Text(x[1].shape)} take {x[1].shape[0]}.");
            }

            CheckExtra(node, windows, extra);
            (long[] before, long[] after) = Crops(node, windows, sizes, full, extra, outputShape, kernel);
            long[] made = [.. full.Select((size, i) => size + extra[i] - before[i] - after[i])];
            if (made.Any(size => size < 1))
            {
                throw node.Error($"its pads leave nothing of its output: {TensorSizes.Text(made)}; export the model again, or use larger images.");
            }

            node.Checked([x[0].shape[0], x[1].shape[1] * groups, .. made]);
            Tensor whole = rank switch
            {
                1 => functional.conv_transpose1d(x[0], x[1], null, strides[0], 0, 0, dilations[0], groups),
                2 => functional.conv_transpose2d(x[0], x[1], null, strides, new long[2], new long[2], dilations, groups),
                _ => functional.conv_transpose3d(x[0], x[1], null, strides, new long[3], new long[3], dilations, groups),
            };

            Tensor cropped = windows.Pad(whole, [.. before.Select(size => -size)], [.. after.Select((size, i) => extra[i] - size)]);
            return x.Optional(2) is Tensor bias ? cropped.Plus(bias.reshape([-1, .. Enumerable.Repeat(1L, rank)])) : cropped;
        };
    }

    private static void CheckExtra(OnnxNode node, Windows windows, long[] extra)
    {
        long[] strides = windows.Strides(extra.Length);
        long[] dilations = windows.Dilations(extra.Length);
        if (extra.Where((size, i) => size < 0 || size >= Math.Max(strides[i], dilations[i])).Any())
        {
            throw node.Error($"'output_padding' is {TensorSizes.Text(extra)}; expected less than its strides {TensorSizes.Text(strides)} or its dilations {TensorSizes.Text(dilations)}, export the model again.");
        }
    }

    // What is cut off the full output before and after: the pads, or what leaves the shape that is asked for.
    private static (long[] Before, long[] After) Crops(OnnxNode node, Windows windows, long[] sizes, long[] full, long[] extra, long[]? outputShape, long[] kernel)
    {
        bool same = windows.AutoPad is "SAME_UPPER" or "SAME_LOWER";
        if (outputShape is null && !same)
        {
            return windows.Pads(kernel, sizes);
        }

        int rank = kernel.Length;
        long[] strides = windows.Strides(rank);
        long[] target = outputShape is null ? [.. sizes.Select((size, i) => size * strides[i])] : windows.Exactly(outputShape, rank, 0, "output_shape");
        long[] total = [.. full.Select((size, i) => size + extra[i] - target[i])];
        if (total.Where((size, i) => -size >= (same ? 1 : Math.Max(strides[i], windows.Dilations(rank)[i]))).Any())
        {
            throw node.Error($"its output should be {TensorSizes.Text(target)}, and its windows make {TensorSizes.Text(full)}; export the model again.");
        }

        if (total.Any(size => size < 0))
        {
            // A larger output than there is has zeros at its end.
            return ([.. total.Select(size => size < 0 ? 0 : size - (size / 2))], [.. total.Select(size => size < 0 ? size : size / 2)]);
        }

        long[] half = [.. total.Select(size => size / 2)];
        long[] rest = [.. total.Select((size, i) => size - half[i])];
        return windows.AutoPad == "SAME_UPPER" ? (half, rest) : (rest, half);
    }

    private static long Groups(OnnxNode node)
    {
        long groups = node.Attributes.Int("group", 1);
        return groups is > 0 and < int.MaxValue ? groups : throw node.Error($"'group' is {groups}; expected a positive number.");
    }

    private static long[] KernelShape(OnnxNode node, Windows windows, KernelInputs x)
    {
        long[] weights = x[1].shape;
        if (weights.Length is < 3 or > 5 || x[0].dim() != weights.Length)
        {
            throw node.Error($"its input {TensorSizes.Text(x[0].shape)} and its weights {TensorSizes.Text(weights)} do not fit; expected [batch, channels, …] and one to three axes to slide along.");
        }

        long[] kernel = weights[2..];
        return windows.Kernel is null || windows.Kernel.AsSpan().SequenceEqual(kernel)
            ? kernel
            : throw node.Error($"'kernel_shape' is {TensorSizes.Text(windows.Kernel)}, but its weights are {TensorSizes.Text(weights)}.");
    }
}
