using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// Products of matrices and of stacks of them, by the rules of NumPy. TorchSharp's own matmul ends the process where shapes
/// do not fit, because its native part lets the error pass; mm and bmm turn it into an exception.
/// </summary>
internal static class MatrixProducts
{
    public static Tensor Multiply(Tensor left, Tensor right)
    {
        if (left.dim() == 0 || right.dim() == 0)
        {
            throw new ArgumentException("a product of matrices needs more than single numbers.");
        }

        // A vector is a matrix of one row on the left and of one column on the right, and loses that axis again.
        Tensor rows = left.dim() == 1 ? left.unsqueeze(0) : left;
        Tensor columns = right.dim() == 1 ? right.unsqueeze(1) : right;
        Tensor product = OfStacks(rows, columns);
        product = right.dim() == 1 ? product.squeeze(-1) : product;
        return left.dim() == 1 ? product.squeeze(right.dim() == 1 ? -1 : -2) : product;
    }

    private static Tensor OfStacks(Tensor left, Tensor right)
    {
        long[] leftShape = left.shape;
        long[] rightShape = right.shape;
        if (rightShape.Length == 2)
        {
            return left.reshape(Product(leftShape[..^1]), leftShape[^1]).mm(right).reshape([.. leftShape[..^1], rightShape[1]]);
        }

        long[] stack = Broadcast(leftShape[..^2], rightShape[..^2]);
        Tensor product = Stacked(left, stack).bmm(Stacked(right, stack));
        return product.reshape([.. stack, leftShape[^2], rightShape[^1]]);
    }

    private static Tensor Stacked(Tensor matrices, long[] stack)
    {
        long[] matrix = matrices.shape[^2..];
        return matrices.expand([.. stack, .. matrix]).reshape([Product(stack), .. matrix]);
    }

    private static long[] Broadcast(long[] left, long[] right)
    {
        int rank = Math.Max(left.Length, right.Length);
        long[] shape = new long[rank];
        for (int i = 1; i <= rank; i++)
        {
            long a = i > left.Length ? 1 : left[^i];
            long b = i > right.Length ? 1 : right[^i];
            shape[^i] = a == b || b == 1 ? a
                : a == 1 ? b
                : throw new ArgumentException($"stacks of {TensorSizes.Text(left)} and {TensorSizes.Text(right)} matrices do not fit.");
        }

        return shape;
    }

    private static long Product(long[] sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
