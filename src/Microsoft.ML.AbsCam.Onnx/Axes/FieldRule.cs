namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>Says how far the places of a node's output see in the image.</summary>
/// <param name="flow">The node, with what its inputs' axes mean.</param>
/// <param name="seen">Pixels along rows and columns that the inputs' places see at most.</param>
/// <returns>Pixels that the output's places see; null where that cannot be told.</returns>
internal delegate double[]? FieldRule(AxisFlow flow, double[] seen);

/// <summary>The receptive field through operators: what looks at no neighbours keeps it. Gates and norms that read a whole map are left out.</summary>
internal static class FieldRules
{
    public static double[]? Same(AxisFlow flow, double[] seen) => seen;

    /// <summary>Enlarged and woven maps: which pixels a place sees then depends on where it lies.</summary>
    public static double[]? Unknown(AxisFlow flow, double[] seen) => null;

    /// <summary>As before, where no axis changes its size.</summary>
    public static double[]? Resized(AxisFlow flow, double[] seen) => flow.Shapes[0].AsSpan().SequenceEqual(flow.Output) ? seen : null;

    /// <summary>
    /// Every second row, say, is told together with the one that is left out: it is read by another slice, or by nobody, and then the
    /// field is a little too large.
    /// </summary>
    public static double[]? Slice(AxisFlow flow, double[] seen)
    {
        long[] steps = flow.Node.ConstantInts(4) ?? [];
        long[]? named = flow.Node.ConstantInts(3);
        double[] field = [.. seen];
        for (int i = 0; i < steps.Length; i++)
        {
            AxisPart[] axis = flow.Axes(0)[AxisFlow.Axis(named?[i] ?? i, flow.Shapes[0].Length)];
            if (AxisRoles.RoleOf(axis) is AxisKind kind and (AxisKind.Row or AxisKind.Column))
            {
                field[kind == AxisKind.Row ? 0 : 1] += (Math.Abs(steps[i]) - 1) * AxisRoles.PixelsOf(axis);
            }
        }

        return field;
    }

    /// <summary>Windows along the axes behind the channels: of 'kernel_shape', or as large as the weights.</summary>
    public static double[]? Window(AxisFlow flow, double[] seen)
    {
        long[] kernel = flow.Node.Attributes.Ints("kernel_shape") ?? flow.Shapes[1][2..];
        long[]? dilations = flow.Node.Attributes.Ints("dilations");
        double[] field = [.. seen];
        for (int i = 0; i < kernel.Length; i++)
        {
            AxisPart[] axis = flow.Axes(0)[i + 2];
            if (AxisRoles.RoleOf(axis) is AxisKind kind and (AxisKind.Row or AxisKind.Column))
            {
                field[kind == AxisKind.Row ? 0 : 1] += (kernel[i] - 1) * (dilations?[i] ?? 1) * AxisRoles.PixelsOf(axis);
            }
            else if (kernel[i] > 1 && AxisRoles.HasPlaces(axis))
            {
                return null;
            }
        }

        return field;
    }

    /// <summary>Sums along the last axis of the left operand and the last but one of the right: over places, where they have any.</summary>
    public static double[]? Product(AxisFlow flow, double[] seen) =>
        Summed(flow, 0, 1) || Summed(flow, 1, 2) ? null : seen;

    public static double[]? General(AxisFlow flow, double[] seen) =>
        Summed(flow, 0, flow.Node.Attributes.Flag("transA") ? 2 : 1) || Summed(flow, 1, flow.Node.Attributes.Flag("transB") ? 1 : 2) ? null : seen;

    private static bool Summed(AxisFlow flow, int operand, int fromEnd) =>
        flow.Inputs[operand] is ValueAxes axes && axes.Rank >= fromEnd && AxisRoles.HasPlaces(axes[axes.Rank - fromEnd]);
}
