using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Many numbers that became one: the gradient goes to each of them, by what it had to do with the one.</summary>
internal static class ReductionAdjoints
{
    public static readonly Adjoint Sum = Spread((step, w, x, y, g) => step.Repeated(g, 0, Axes(step)));

    public static readonly Adjoint Mean = Spread((step, w, x, y, g) => step.Repeated(w.Div(g, Count(step)), 0, Axes(step)));

    /// <summary>Of several that are the greatest, or the least, each gets an equal part.</summary>
    public static readonly Adjoint Extreme = Spread((step, w, x, y, g) =>
    {
        string isOne = w.Cast(w.Node("Equal", [x, y]), step.Type);
        return w.Mul(isOne, w.Div(g, w.Sum(isOne, Axes(step))));
    });

    public static readonly Adjoint SumOfLengths = Spread((step, w, x, y, g) => w.Mul(g, w.Node("Sign", [x])));

    public static readonly Adjoint SumOfSquares = Spread((step, w, x, y, g) => w.Mul(w.Mul(g, step.Real(2)), x));

    /// <summary>x / |x|; 0 where all are 0.</summary>
    public static readonly Adjoint Length = Spread((step, w, x, y, g) => w.Mul(w.Div(g, NotZero(step, y)), x));

    public static readonly Adjoint LogSum = Spread((step, w, x, y, g) => step.Repeated(w.Div(g, w.Sum(x, Axes(step))), 0, Axes(step)));

    public static readonly Adjoint LogSumExp = Spread((step, w, x, y, g) => w.Mul(g, w.Node("Exp", [w.Sub(x, y)])));

    /// <summary>
    /// The product of the others: the product by the number itself and, where it is 0, that of the others alone; 0 where two or more are 0.
    /// </summary>
    public static readonly Adjoint Product = Spread((step, w, x, y, g) =>
    {
        long[] axes = Axes(step);
        string isZero = w.Node("Equal", [x, step.Real(0)]);
        string zeros = w.Sum(w.Cast(isZero, step.Type), axes);
        string safe = w.Where(isZero, step.Real(1), x);
        string others = w.Opset >= 18 ? w.Node("ReduceProd", [safe, w.Ints(axes)]) : w.Node("ReduceProd", [safe], ("axes", axes));
        string one = w.Where(isZero, others, step.Real(0));
        string slope = w.Where(w.Node("Equal", [zeros, step.Real(1)]), one, w.Div(y, safe));
        return w.Mul(g, w.Where(w.Node("Greater", [zeros, step.Real(1)]), step.Real(0), slope));
    });

    /// <summary>The root of the sum of powers: x |x|^(p - 2) y^(1 - p).</summary>
    public static readonly Adjoint PowerMean = Spread((step, w, x, y, g) =>
    {
        double p = step.Node.Attributes.Int("p", 2);
        string length = NotZero(step, y);
        string own = w.Mul(w.Node("Sign", [x]), w.Pow(w.Node("Abs", [x]), step.Real(p - 1)));
        return w.Mul(own, w.Div(g, w.Pow(length, step.Real(p - 1))));
    });

    public static string NotZero(AdjointStep step, string x) => step.Write.Where(step.Write.Node("Equal", [x, step.Real(0)]), step.Real(1), x);

    /// <summary>The axes that a node reduces, from the start: those that it names, else those behind the channels for a pooling, else all.</summary>
    public static long[] Axes(AdjointStep step)
    {
        int rank = step.ShapeOf(0).Rank;
        if (step.Node.Operator.StartsWith("Global", StringComparison.Ordinal))
        {
            return [.. Enumerable.Range(2, rank - 2).Select(axis => (long)axis)];
        }

        long[]? named = step.Node.Attributes.Ints("axes") ?? step.Constants(1);
        if (named is null && step.Has(1))
        {
            throw step.Error("the axes that it reduces are not constant");
        }

        return named is { Length: > 0 }
            ? [.. named.Select(axis => (long)Operands.Axis(step.Node, axis, rank)).Distinct()]
            : step.Node.Attributes.Flag("noop_with_empty_axes") ? [] : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
    }

    // With the reduced axes put back, so that the output and its gradient broadcast against the input.
    private static Adjoint Spread(Func<AdjointStep, NodeWriter, string, string, string, string> rule) => step =>
    {
        NodeWriter w = step.Write;
        (string y, string g) = (step.Output(), step.Gradient);
        long[] axes = Axes(step);
        if (axes.Length > 0 && step.OutputShape().Rank < step.ShapeOf(0).Rank)
        {
            long[] dropped = [.. axes.Order()];
            (y, g) = (w.Unsqueeze(y, dropped), w.Unsqueeze(g, dropped));
        }

        // With no axis to reduce, the operators that sum are the identity, whatever they do to what they sum.
        step.Give(0, axes.Length == 0 ? g : rule(step, w, step.Input(0), y, g));
    };

    private static string Count(AdjointStep step)
    {
        ValueShape x = step.ShapeOf(0);
        long[] axes = Axes(step);
        return axes.All(axis => !x.Varies[axis])
            ? step.Real(axes.Aggregate(1.0, (product, axis) => product * x.Sizes[axis]))
            : step.Write.CountAlong(step.Input(0), axes, step.Type);
    }
}
