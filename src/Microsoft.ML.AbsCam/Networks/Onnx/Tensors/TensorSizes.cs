namespace Microsoft.ML.AbsCam.Networks.Onnx.Tensors;

/// <summary>Sizes that come from a file are checked before the tensor library multiplies them.</summary>
internal static class TensorSizes
{
    /// <summary>Four gigabytes of float32: no image classifier holds a value near it, a damaged file soon does.</summary>
    private const long Most = 1L << 30;

    /// <summary>How many elements a shape has; null where a size is negative or the product is absurd.</summary>
    public static long? Count(IEnumerable<long> shape)
    {
        long count = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0 || size > Most)
            {
                return null;
            }

            empty |= size == 0;
            // A size of zero makes the whole empty; the others still must not overflow on the way.
            long factor = Math.Max(size, 1);
            if (count > Most / factor)
            {
                return null;
            }

            count *= factor;
        }

        return empty ? 0 : count;
    }

    /// <summary>The shape itself where it can be allocated, the node's error where not.</summary>
    public static long[] Checked(OnnxNode node, long[] shape) =>
        Count(shape) is null
            ? throw node.Error($"its output would have the shape {Text(shape)}, which is negative or larger than {Most} numbers; the file is damaged or asks for a size that no image needs.")
            : shape;

    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
