using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Norms: the closed forms, with the statistics taken from the input again.</summary>
internal static class NormAdjoints
{
    /// <summary>At inference a line for each channel.</summary>
    public static readonly Adjoint Batch = step =>
    {
        NodeWriter w = step.Write;
        string slope = w.Div(step.Input(1), w.Node("Sqrt", [w.Add(step.Input(4), step.Real(Epsilon(step)))]));
        step.Give(0, w.Mul(step.Gradient, w.Reshape(slope, EachChannel(step))));
    };

    public static readonly Adjoint Instance = step =>
        step.Give(0, Standardised(step, step.Input(0), step.Write.Mul(step.Gradient, step.Write.Reshape(step.Input(1), EachChannel(step))), Axes(2, step.ShapeOf(0).Rank)));

    public static readonly Adjoint Group = step =>
    {
        NodeWriter w = step.Write;
        ValueShape x = step.ShapeOf(0);
        long groups = step.Node.Attributes.Int("num_groups", 1);
        long channels = x.Fixed(1) ?? throw step.Error("the number of channels is left open");
        string scale = step.Input(1);
        if (step.Node.Opset < 21)
        {
            scale = w.Reshape(w.Expand(w.Reshape(scale, groups, 1), w.Ints(groups, channels / groups)), -1);
        }

        string gradient = w.Mul(step.Gradient, w.Reshape(scale, EachChannel(step)));
        string apart = Standardised(step, w.Reshape(step.Input(0), 0, groups, -1), w.Reshape(gradient, 0, groups, -1), [2]);
        step.Give(0, step.LaidOut(apart, 0));
    };

    public static readonly Adjoint Layer = step =>
    {
        int rank = step.ShapeOf(0).Rank;
        int axis = Operands.Axis(step.Node, step.Node.Attributes.Int("axis", -1), rank);
        if (step.Wants(1) || step.Wants(2))
        {
            throw step.Error("its scale or bias depends on the image");
        }

        step.Give(0, Standardised(step, step.Input(0), step.Write.Mul(step.Gradient, step.Input(1)), Axes(axis, rank)));
    };

    public static readonly Adjoint RootMeanSquare = step =>
    {
        NodeWriter w = step.Write;
        int rank = step.ShapeOf(0).Rank;
        long[] axes = Axes(Operands.Axis(step.Node, step.Node.Attributes.Int("axis", -1), rank), rank);
        string x = step.Input(0);
        string inverse = Inverse(step, w.Mul(x, x), axes);
        string scaled = w.Mul(x, inverse);
        string gradient = w.Mul(step.Gradient, step.Input(1));
        step.Give(0, w.Mul(inverse, w.Sub(gradient, w.Mul(scaled, w.Mean(w.Mul(gradient, scaled), axes)))));
    };

    /// <summary>Without an epsilon under the root: (g - mean g - y mean (g y)) / deviation, with the 1e-9 that the format adds to the deviation.</summary>
    public static readonly Adjoint Standard = step =>
    {
        const double Least = 1e-9;
        NodeWriter w = step.Write;
        long[] axes = [.. (step.Node.Attributes.Ints("axes") ?? [0, 2, 3]).Select(axis => (long)Operands.Axis(step.Node, axis, step.ShapeOf(0).Rank)).Distinct()];
        string centred = w.Sub(step.Input(0), w.Mean(step.Input(0), axes));
        string deviation = w.Node("Sqrt", [w.Mean(w.Mul(centred, centred), axes)]);
        string divisor = w.Add(deviation, step.Real(Least));
        string g = w.Div(step.Gradient, divisor);
        string through = w.Div(w.Mul(centred, w.Mean(w.Mul(g, centred), axes)), w.Mul(divisor, ReductionAdjoints.NotZero(step, deviation)));
        step.Give(0, w.Sub(w.Sub(g, w.Mean(g, axes)), through));
    };

    /// <summary>(g - y sum (g y)) / length, or with the sign of x for sums of absolute values.</summary>
    public static readonly Adjoint ByLength = step =>
    {
        NodeWriter w = step.Write;
        string x = step.Input(0);
        long[] axes = [Operands.Axis(step.Node, step.Node.Attributes.Int("axis", -1), step.ShapeOf(0).Rank)];
        bool absolute = step.Node.Attributes.Int("p", 2) == 1;
        string length = absolute ? w.Sum(w.Node("Abs", [x]), axes) : w.Node("Sqrt", [w.Sum(w.Mul(x, x), axes)]);
        string divisor = ReductionAdjoints.NotZero(step, length);
        string along = absolute ? w.Node("Sign", [x]) : step.Output();
        step.Give(0, w.Div(w.Sub(step.Gradient, w.Mul(along, w.Sum(w.Mul(step.Gradient, step.Output()), axes))), divisor));
    };

    /// <summary>With s = bias + alpha / size times the sum of neighbours' squares: g s^-beta - 2 alpha beta / size x times the sum of g x s^(-beta - 1) over whom it is a neighbour of.</summary>
    public static readonly Adjoint AcrossChannels = step =>
    {
        NodeWriter w = step.Write;
        ValueShape shape = step.ShapeOf(0);
        long channels = shape.Fixed(1) ?? throw step.Error("the number of channels is left open");
        long size = step.Node.Attributes.Int("size", 1);
        double alpha = step.Node.Attributes.Float("alpha", 1e-4f) / size;
        double beta = step.Node.Attributes.Float("beta", 0.75f);
        long below = (size - 1) / 2;
        double[] near = new double[channels * channels];
        for (long c = 0; c < channels; c++)
        {
            for (long other = Math.Max(0, c - below); other < Math.Min(channels, c + size - below); other++)
            {
                near[(c * channels) + other] = 1;
            }
        }

        string x = step.Input(0);
        string squares = LinearAdjoints.Along(step, w.Mul(x, x), shape.Rank, 1, Turned(near, channels), channels, channels);
        string sum = w.Add(w.Mul(squares, step.Real(alpha)), step.Real(step.Node.Attributes.Float("bias", 1)));
        string power = w.Pow(sum, step.Real(-beta));
        string through = LinearAdjoints.Along(step, w.Div(w.Mul(w.Mul(step.Gradient, x), power), sum), shape.Rank, 1, near, channels, channels);
        step.Give(0, w.Sub(w.Mul(step.Gradient, power), w.Mul(w.Mul(x, through), step.Real(2 * alpha * beta))));
    };

    // The gradient through (x - mean) / root (variance + epsilon).
    private static string Standardised(AdjointStep step, string x, string gradient, long[] axes)
    {
        NodeWriter w = step.Write;
        string centred = w.Sub(x, w.Mean(x, axes));
        string inverse = Inverse(step, w.Mul(centred, centred), axes);
        string y = w.Mul(centred, inverse);
        string inner = w.Sub(w.Sub(gradient, w.Mean(gradient, axes)), w.Mul(y, w.Mean(w.Mul(gradient, y), axes)));
        return w.Mul(inverse, inner);
    }

    private static string Inverse(AdjointStep step, string squares, long[] axes)
    {
        NodeWriter w = step.Write;
        return w.Node("Reciprocal", [w.Node("Sqrt", [w.Add(w.Mean(squares, axes), step.Real(Epsilon(step)))])]);
    }

    private static double[] Turned(double[] square, long side) => [.. Enumerable.Range(0, square.Length).Select(at => square[(at % side * side) + (at / side)])];

    private static string EachChannel(AdjointStep step) => step.Write.Ints([1, -1, .. Enumerable.Repeat(1L, Math.Max(0, step.ShapeOf(0).Rank - 2))]);

    private static long[] Axes(int from, int rank) => [.. Enumerable.Range(from, rank - from).Select(axis => (long)axis)];

    private static double Epsilon(AdjointStep step) => step.Node.Attributes.Float("epsilon", 1e-5f);
}
