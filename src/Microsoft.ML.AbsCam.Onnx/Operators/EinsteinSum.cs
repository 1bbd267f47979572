using Microsoft.ML.AbsCam.Onnx.Nodes;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>How large the values of an Einsum are.</summary>
internal static class EinsteinSum
{
    /// <summary>The output of at most two operands; with more, or with axes that are not named, what lies between is not known, and all axes bound it.</summary>
    public static long[] Bound(OnnxNode node, long[][] shapes)
    {
        string[] sides = Sides(node);
        return shapes.Length <= 2 && sides.Length == 2 && Named(sides, shapes) is { } sizes
            ? [.. sides[1].Select(letter => sizes.GetValueOrDefault(letter, 1))]
            : Axes(node, shapes);
    }

    /// <summary>Every axis once: as many products are summed.</summary>
    public static long[] Axes(OnnxNode node, long[][] shapes) =>
        Named(Sides(node), shapes) is { } sizes ? [.. sizes.Values] : [.. shapes.SelectMany(shape => shape)];

    private static string[] Sides(OnnxNode node) => node.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");

    // Null where the letters do not name all axes.
    private static Dictionary<char, long>? Named(string[] sides, long[][] shapes)
    {
        string[] terms = sides[0].Split(',');
        Dictionary<char, long> sizes = [];
        for (int i = 0; i < Math.Min(terms.Length, shapes.Length); i++)
        {
            long[] shape = shapes[i];
            if (terms[i].Length != shape.Length || terms[i].Contains('.', StringComparison.Ordinal))
            {
                return null;
            }

            for (int axis = 0; axis < shape.Length; axis++)
            {
                sizes[terms[i][axis]] = Math.Max(sizes.GetValueOrDefault(terms[i][axis]), shape[axis]);
            }
        }

        return sizes;
    }
}
