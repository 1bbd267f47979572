using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>The same numbers laid out anew, put together or taken apart: the inverse.</summary>
internal static class ShapeAdjoints
{
    public static readonly Adjoint Reshape = step => step.Give(0, step.LaidOut(step.Gradient, 0));

    public static readonly Adjoint Transpose = step =>
    {
        int rank = step.ShapeOf(0).Rank;
        long[] order = step.Node.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
        step.Give(0, step.Write.Transpose(step.Gradient, [.. Enumerable.Range(0, rank).Select(axis => (long)Array.IndexOf(order, axis))]));
    };

    public static readonly Adjoint Expand = step => step.GiveSpread(0, step.Gradient);

    public static readonly Adjoint DepthToSpace = step =>
    {
        NodeWriter w = step.Write;
        long block = step.Node.Attributes.Int("blocksize", 1);
        if (step.Node.Attributes.Text("mode", "DCR") == "DCR")
        {
            step.Give(0, w.Node("SpaceToDepth", [step.Gradient], ("blocksize", block)));
            return;
        }

        // [B, D, H r, W r] back to [B, D r r, H, W] with the depth slowest.
        long[] sizes = step.ShapeOf(0).FixedFrom(1) ?? throw step.Error("the image's size is left open");
        string apart = w.Reshape(step.Gradient, -1, sizes[0] / (block * block), sizes[1], block, sizes[2], block);
        step.Give(0, step.LaidOut(w.Transpose(apart, 0, 1, 3, 5, 2, 4), 0));
    };

    public static readonly Adjoint SpaceToDepth = step =>
        step.Give(0, step.Write.Node("DepthToSpace", [step.Gradient], ("blocksize", step.Node.Attributes.Int("blocksize", 1)), ("mode", "DCR")));

    public static readonly Adjoint Concat = step =>
    {
        int axis = Axis(step, 0);
        long[] sizes = [.. Enumerable.Range(0, step.InputCount).Select(input => step.ShapeOf(input).Fixed(axis) ?? throw step.Error($"the sizes along axis {axis} are left open"))];
        long from = 0;
        for (int input = 0; input < sizes.Length; input++)
        {
            if (step.Wants(input))
            {
                step.Give(input, step.Write.Slice(step.Gradient, axis, from, from + sizes[input]));
            }

            from += sizes[input];
        }
    };

    public static readonly Adjoint Split = step =>
    {
        NodeWriter w = step.Write;
        int axis = Axis(step, 0);
        string[] parts = [.. Enumerable.Range(0, step.OutputCount).Select(output => step.GradientOf(output)
            ?? w.Expand(step.Real(0), w.Shape(step.Node.HasOutput(output) ? step.Output(output) : throw step.Error("one of its parts has no name"))))];
        step.Give(0, w.Concat(axis, parts));
    };

    /// <summary>The first axis that an operator names, from the start.</summary>
    public static int Axis(AdjointStep step, long otherwise) => Operands.Axis(step.Node, step.Node.Attributes.Int("axis", otherwise), step.ShapeOf(0).Rank, mayBeRank: true);
}
