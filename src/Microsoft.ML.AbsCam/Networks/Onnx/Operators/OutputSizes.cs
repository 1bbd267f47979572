using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Operators;

/// <summary>
/// Refuses a node whose output would be absurdly larger than its inputs, before memory is asked for: a damaged file can make
/// an outer product of two long vectors, or double a value again and again. Windows, borders and resizing check themselves.
/// </summary>
internal static class OutputSizes
{
    public static void Check(OnnxNode node, Tensor?[] inputs)
    {
        long[][] shapes = [.. inputs.OfType<Tensor>().Select(input => input.shape)];
        long[]? output = node.Operator switch
        {
            "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Mod" or "Sum" or "Max" or "Min" or "Mean" or "PRelu" or "Clip" or "Where"
                or "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "And" or "Or" or "Xor" or "LayerNormalization" => shapes.Aggregate(Broadcast),
            "MatMul" when shapes is [{ Length: > 0 } left, { Length: > 0 } right] => Product(node, left, right),
            "Gemm" when shapes is [[long a, long b], [long c, long d], ..] => [node.Attributes.Flag("transA") ? b : a, node.Attributes.Flag("transB") ? c : d],
            "Concat" => [shapes.Sum(shape => TensorSizes.Count(shape) ?? 0)],
            "Gather" or "GatherND" when shapes is [long[] from, long[] indices] => Picked(node, from, indices),
            "EyeLike" => shapes[0],
            "Einsum" => Summed(node, shapes),
            _ => null,
        };
        if (output is not null)
        {
            TensorSizes.Checked(node, output);
        }
    }

    // Shapes that do not fit are left to the operator, which says so.
    private static long[] Broadcast(long[] left, long[] right)
    {
        (long[] longer, long[] shorter) = left.Length >= right.Length ? (left, right) : (right, left);
        long[] shape = [.. longer];
        for (int i = 1; i <= shorter.Length; i++)
        {
            shape[^i] = shape[^i] == 1 ? shorter[^i] : shorter[^i] == 1 ? shape[^i] : Math.Max(shape[^i], shorter[^i]);
        }

        return shape;
    }

    // Both operands are copied for every matrix of the stack.
    private static long[] Product(OnnxNode node, long[] left, long[] right)
    {
        long[] rows = left.Length == 1 ? [1, left[0]] : left;
        long[] columns = right.Length == 1 ? [right[0], 1] : right;
        long[] stack = Broadcast(rows[..^2], columns[..^2]);
        if (columns.Length > 2)
        {
            TensorSizes.Checked(node, [.. stack, .. rows[^2..]]);
            TensorSizes.Checked(node, [.. stack, .. columns[^2..]]);
        }

        return [.. stack, rows[^2], columns[^1]];
    }

    private static long[] Picked(OnnxNode node, long[] from, long[] indices)
    {
        if (node.Operator == "GatherND")
        {
            long depth = indices.Length == 0 ? 0 : indices[^1] + node.Attributes.Int("batch_dims", 0);
            return depth < 0 || depth > from.Length ? indices : [.. indices[..^1], .. from[(int)depth..]];
        }

        int axis = Operands.Axis(node, node.Attributes.Int("axis", 0), from.Length);
        return [.. from[..axis], .. indices, .. from[(axis + 1)..]];
    }

    // The product of two operands has the size of its output; with more, or with axes that are not named, what lies between
    // is not known, and all axes together bound it.
    private static long[] Summed(OnnxNode node, long[][] shapes)
    {
        string[] sides = node.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        Dictionary<char, long> sizes = [];
        for (int i = 0; i < Math.Min(terms.Length, shapes.Length); i++)
        {
            if (terms[i].Length != shapes[i].Length || terms[i].Contains('.'))
            {
                return [.. shapes.SelectMany(shape => shape)];
            }

            for (int axis = 0; axis < terms[i].Length; axis++)
            {
                sizes[terms[i][axis]] = Math.Max(sizes.GetValueOrDefault(terms[i][axis]), shapes[i][axis]);
            }
        }

        return shapes.Length <= 2 && sides.Length == 2
            ? [.. sides[1].Select(letter => sizes.GetValueOrDefault(letter, 1))]
            : [.. sizes.Values];
    }
}
