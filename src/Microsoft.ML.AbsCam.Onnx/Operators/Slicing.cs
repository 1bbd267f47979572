using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>A range along some axes, forwards or backwards.</summary>
internal static class Slicing
{
    public static Func<KernelInputs, Tensor> Build(OnnxNode node)
    {
        // Until operator set 10 everything was an attribute, and there were no steps.
        long[]? starts = node.Attributes.Ints("starts");
        long[]? ends = node.Attributes.Ints("ends");
        long[]? axes = node.Attributes.Ints("axes");
        return x => node.Opset < 10
            ? Cut(node, x[0], starts ?? [], ends ?? [], axes, null)
            : Cut(node, x[0], x.Ints(1), x.Ints(2), x.OptionalInts(3), x.OptionalInts(4));
    }

    private static Tensor Cut(OnnxNode node, Tensor x, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        int rank = (int)x.dim();
        axes ??= [.. Enumerable.Range(0, Math.Min(starts.Length, rank)).Select(axis => (long)axis)];
        steps ??= [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw node.Error($"its starts {TensorSizes.Text(starts)}, ends {TensorSizes.Text(ends)}, axes {TensorSizes.Text(axes)} and steps {TensorSizes.Text(steps)} do not have the same number of entries.");
        }

        Tensor cut = x;
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = Operands.Axis(node, axes[i], rank);
            cut = Along(node, cut, axis, starts[i], ends[i], steps[i]);
        }

        return cut;
    }

    private static Tensor Along(OnnxNode node, Tensor x, int axis, long start, long end, long step)
    {
        long size = x.shape[axis];
        switch (step)
        {
            case 0:
                throw node.Error("a step is 0; expected another number.");
            case > 0:
                long from = Math.Clamp(FromStart(start, size), 0, size);
                return x.slice(axis, from, Math.Max(from, Math.Clamp(FromStart(end, size), 0, size)), Math.Min(step, Math.Max(size, 1)));
            default:
                // The elements after "end" up to "start", turned round.
                long last = Math.Clamp(FromStart(start, size), -1, size - 1);
                long before = Math.Clamp(FromStart(end, size), -1, size - 1);
                Tensor turned = x.narrow(axis, Math.Min(before, last) + 1, Math.Max(0, last - before)).flip(axis);
                return turned.slice(axis, 0, turned.shape[axis], step <= -size ? Math.Max(size, 1) : -step);
        }
    }

    private static long FromStart(long index, long size) => index < 0 ? Math.Max(index, -size - 1) + size : index;
}
