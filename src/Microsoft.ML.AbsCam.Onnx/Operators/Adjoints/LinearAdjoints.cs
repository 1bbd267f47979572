using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>What is a product with a constant matrix along one axis: the product with the same matrix, from the other side.</summary>
internal static class LinearAdjoints
{
    /// <summary>A sum from one end on becomes a sum from the other.</summary>
    public static readonly Adjoint CumSum = step => step.Give(0, step.Write.Node(
        "CumSum", [step.Gradient, step.Input(1)], ("exclusive", step.Node.Attributes.Flag("exclusive")), ("reverse", !step.Node.Attributes.Flag("reverse"))));

    /// <summary>Each axis by itself: what a pixel of the input gave to each of the output.</summary>
    public static readonly Adjoint Resize = step =>
    {
        ValueShape x = step.ShapeOf(0);
        ValueShape y = step.OutputShape();
        bool plain = step.Node.Operator == "Upsample" || step.Node.Opset < 11;
        Resampling resampling = plain ? Resampling.Plain(step.Node) : Resampling.Of(step.Node);
        if (resampling.NeedsRegion || step.Node.Attributes.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
        {
            throw step.Error("it resizes a region, or keeps the aspect");
        }

        double[]? scales = step.Node.Attributes.Floats("scales")?.Select(scale => (double)scale).ToArray() ?? step.Numbers(plain ? 1 : 2);
        long[]? axes = step.Node.Attributes.Ints("axes");
        string gradient = step.Gradient;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            int at = axes is null ? axis : Array.FindIndex(axes, named => Operands.Axis(step.Node, named, x.Rank) == axis);
            double? given = at >= 0 && scales is { Length: > 0 } ? scales[at] : null;
            if (at < 0 || (given ?? 1) == 1 && x.Sizes[axis] == y.Sizes[axis])
            {
                continue;
            }

            (long from, long to) = x.Fixed(axis) is long small && y.Fixed(axis) is long large ? (small, large) : throw step.Error($"the size of axis {axis} is left open");
            gradient = Along(step, gradient, x.Rank, axis, resampling.Matrix(from, to, given ?? (double)to / from), to, from);
        }

        step.Give(0, gradient);
    };

    /// <summary>A value times a matrix along one axis: its numbers along the axis as a row, times [rows, columns].</summary>
    public static string Along(AdjointStep step, string value, int rank, int axis, double[] matrix, long rows, long columns)
    {
        NodeWriter w = step.Write;
        string weights = w.Reals(matrix, [rows, columns], step.Type);
        if (axis == rank - 1)
        {
            return w.MatMul(value, weights);
        }

        long[] order = [.. Enumerable.Range(0, rank).Select(at => (long)(at == axis ? rank - 1 : at == rank - 1 ? axis : at))];
        return w.Transpose(w.MatMul(w.Transpose(value, order), weights), order);
    }
}
