namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>Sizes that come from a file are checked before the tensor library multiplies them.</summary>
internal static class TensorSizes
{
    /// <summary>What can be counted at all; a single weight is bounded by its bytes too.</summary>
    private const long Most = 1L << 30;

    /// <summary>
    /// One gigabyte of float32. The largest value of VGG-16, 64 maps of 224 x 224, has 2^28 numbers for 83 images at once;
    /// a damaged file soon asks for more.
    /// </summary>
    public const long MostOfValue = 1L << 28;

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

    /// <summary>How many elements a shape has that is known to be one, as a real number, since absurd shapes overflow whole ones.</summary>
    public static double Product(params ReadOnlySpan<long> shape)
    {
        double product = 1;
        foreach (long size in shape)
        {
            product *= size;
        }

        return product;
    }

    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
