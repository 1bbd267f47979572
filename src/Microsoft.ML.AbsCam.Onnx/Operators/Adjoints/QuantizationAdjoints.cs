using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Rounding is passed as if it were not there; what lies beyond the quantised type's range stops the gradient.</summary>
internal static class QuantizationAdjoints
{
    public static readonly Adjoint Dequantize = step => step.Give(0, step.Write.Mul(step.Gradient, Scale(step)));

    public static readonly Adjoint Quantize = step =>
    {
        NodeWriter w = step.Write;
        string scale = Scale(step);
        (double least, double most) = QuantizationOperators.RangeOf(step.Node, step.Has(2) ? step.ShapeOf(2).ElementType : 0);
        string exact = w.Div(step.Input(0), scale);
        if (step.Has(2))
        {
            exact = w.Add(exact, Each(step, w.Cast(step.Input(2), step.Type), 2));
        }

        string inside = w.Node("And", [w.Node("GreaterOrEqual", [exact, step.Real(least)]), w.Node("LessOrEqual", [exact, step.Real(most)])]);
        step.Give(0, w.Where(inside, w.Div(step.Gradient, scale), step.Real(0)));
    };

    private static string Scale(AdjointStep step) => Each(step, step.Input(1), 1);

    // One for all, or one for each index of an axis.
    private static string Each(AdjointStep step, string values, int input)
    {
        if (step.ShapeOf(input).Sizes.All(size => size == 1))
        {
            return values;
        }

        ValueShape x = step.ShapeOf(0);
        long[] shape = [.. Enumerable.Repeat(1L, x.Rank)];
        shape[Operands.Axis(step.Node, step.Node.Attributes.Int("axis", 1), x.Rank)] = -1;
        return step.Write.Reshape(values, shape);
    }
}
