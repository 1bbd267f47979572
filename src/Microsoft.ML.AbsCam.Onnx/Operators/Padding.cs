using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>A border around a tensor; negative sizes crop.</summary>
internal static class Padding
{
    public static Func<KernelInputs, Tensor> Build(OnnxNode node)
    {
        string mode = node.Attributes.OneOf("mode", "constant", "constant", "reflect", "edge", "wrap");

        // Until operator set 11 the sizes and the value were attributes.
        long[]? attribute = node.Attributes.Ints("pads");
        double value = node.Attributes.Float("value", 0);
        return x =>
        {
            long[] pads = node.Opset < 11 ? attribute ?? [] : x.Ints(1);
            double fill = node.Opset < 11 ? value : x.Optional(2) is null ? 0 : x.Scalar(2);
            int rank = (int)x[0].dim();
            long[] axes = x.OptionalInts(3) ?? [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
            if (pads.Length != 2 * axes.Length)
            {
                throw node.Error($"it has {pads.Length} pads; expected two for each of {axes.Length} axes.");
            }

            long[] before = new long[rank];
            long[] after = new long[rank];
            for (int i = 0; i < axes.Length; i++)
            {
                int axis = Operands.Axis(node, axes[i], rank);
                before[axis] = Within(node, pads[i]);
                after[axis] = Within(node, pads[i + axes.Length]);
            }

            long[] shape = [.. x[0].shape.Select((size, i) => size + before[i] + after[i])];
            node.Checked(shape);
            return mode == "constant" ? WithValue(x[0], before, after, fill) : Repeating(node, x[0], before, after, mode);
        };
    }

    private static Tensor WithValue(Tensor x, long[] before, long[] after, double value)
    {
        int rank = before.Length;
        long[] pairs = [.. Enumerable.Range(0, rank).Reverse().SelectMany(axis => (long[])[before[axis], after[axis]])];
        bool truth = x.dtype == ScalarType.Bool;
        Tensor padded = functional.pad(truth ? x.to(ScalarType.Byte) : x, pairs, PaddingModes.Constant, value);
        return truth ? padded.to(ScalarType.Bool) : padded;
    }

    // Which row of the input each row of the output repeats, one axis after the other.
    private static Tensor Repeating(OnnxNode node, Tensor x, long[] before, long[] after, string mode)
    {
        Tensor padded = x;
        for (int axis = 0; axis < before.Length; axis++)
        {
            long size = x.shape[axis];
            if (before[axis] == 0 && after[axis] == 0)
            {
                continue;
            }

            if (size == 0)
            {
                throw node.Error($"it repeats the border of axis {axis} of {TensorSizes.Text(x.shape)}, which is empty.");
            }

            long[] rows = new long[size + before[axis] + after[axis]];
            for (long i = 0; i < rows.Length; i++)
            {
                rows[i] = Source(i - before[axis], size, mode);
            }

            padded = padded.index_select(axis, HostValues.Of(rows).to(x.device));
        }

        return padded;
    }

    private static long Source(long position, long size, string mode)
    {
        switch (mode)
        {
            case "edge":
                return Math.Clamp(position, 0, size - 1);
            case "wrap":
                return ((position % size) + size) % size;
            default:
                long period = Math.Max(1, 2 * (size - 1));
                long within = ((position % period) + period) % period;
                return within < size ? within : period - within;
        }
    }

    private static long Within(OnnxNode node, long pad) =>
        Math.Abs(Math.Max(pad, -int.MaxValue)) < int.MaxValue ? pad : throw node.Error($"it pads by {pad}; the file is damaged.");
}
