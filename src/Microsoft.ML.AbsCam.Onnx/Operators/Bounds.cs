using Microsoft.ML.AbsCam.Onnx.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>How large a value becomes, told from the inputs' shapes. Shapes that do not fit are left to the operator, which says so.</summary>
internal static class Bounds
{
    /// <summary>As large as all inputs spread over each other.</summary>
    public static Func<KernelInputs, long[]?> Spread(OnnxNode node) => inputs =>
    {
        long[] shape = [];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs.Optional(i) is Tensor input)
            {
                shape = Spread(shape, input.shape);
            }
        }

        return shape;
    };

    public static long[] Spread(long[] left, long[] right)
    {
        (long[] longer, long[] shorter) = left.Length >= right.Length ? (left, right) : (right, left);
        long[] shape = [.. longer];
        for (int i = 1; i <= shorter.Length; i++)
        {
            shape[^i] = shape[^i] == 1 ? shorter[^i] : shorter[^i] == 1 ? shape[^i] : Math.Max(shape[^i], shorter[^i]);
        }

        return shape;
    }

    /// <summary>As many numbers as all inputs have together.</summary>
    public static Func<KernelInputs, long[]?> Together(OnnxNode node) => inputs =>
    {
        long count = 0;
        for (int i = 0; i < inputs.Count; i++)
        {
            count += inputs.Optional(i)?.numel() ?? 0;
        }

        return [count];
    };

    /// <summary>As large as the first input.</summary>
    public static Func<KernelInputs, long[]?> First(OnnxNode node) => inputs => inputs[0].shape;

    /// <summary>A row, or a stack of products, of two matrices, vectors or stacks of matrices.</summary>
    public static Func<KernelInputs, long[]?> Product(OnnxNode node) => inputs =>
    {
        (long[] left, long[] right) = (inputs[0].shape, inputs[1].shape);
        if (left.Length == 0 || right.Length == 0)
        {
            return null;
        }

        long[] rows = left.Length == 1 ? [1, left[0]] : left;
        long[] columns = right.Length == 1 ? [right[0], 1] : right;
        long[] stack = Spread(rows[..^2], columns[..^2]);
        if (columns.Length > 2)
        {
            // Both operands are copied for every matrix of the stack.
            node.Checked([.. stack, .. rows[^2..]]);
            node.Checked([.. stack, .. columns[^2..]]);
        }

        return [.. stack, rows[^2], columns[^1]];
    };
}
