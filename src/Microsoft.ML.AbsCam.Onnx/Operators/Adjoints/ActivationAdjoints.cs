using Microsoft.ML.AbsCam.Onnx.Gradients;
using static Microsoft.ML.AbsCam.Onnx.Operators.Adjoints.PointwiseAdjoints;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Activations: at a corner they have the slope that the tensor library takes.</summary>
internal static class ActivationAdjoints
{
    // Of the output, which is above 0 where the input is: so that what makes the input may still be run with the Relu as one.
    public static readonly Adjoint Relu = Where((step, w, x) => Above(step, w, step.Output(), 0));

    public static readonly Adjoint Sigmoid = By((step, w, x) => w.Mul(step.Output(), OneLess(step, w, step.Output())));

    public static readonly Adjoint Tanh = By((step, w, x) => OneLess(step, w, w.Mul(step.Output(), step.Output())));

    public static readonly Adjoint Softplus = By((step, w, x) => w.Node("Sigmoid", [x]));

    public static readonly Adjoint Softsign = By((step, w, x) =>
    {
        string length = w.Add(w.Node("Abs", [x]), step.Real(1));
        return w.Node("Reciprocal", [w.Mul(length, length)]);
    });

    public static readonly Adjoint Mish = By((step, w, x) =>
    {
        string gate = w.Node("Tanh", [w.Node("Softplus", [x])]);
        return w.Add(gate, w.Mul(w.Mul(x, w.Node("Sigmoid", [x])), OneLess(step, w, w.Mul(gate, gate))));
    });

    public static readonly Adjoint LeakyRelu = Where((step, w, x) => Above(step, w, x, 0), (step, w) => w.Mul(step.Gradient, step.Real(step.Node.Attributes.Float("alpha", 0.01f))));

    public static readonly Adjoint ThresholdedRelu = Where((step, w, x) => Above(step, w, x, step.Node.Attributes.Float("alpha", 1)));

    public static readonly Adjoint Shrink = Where((step, w, x) => Above(step, w, w.Node("Abs", [x]), step.Node.Attributes.Float("lambd", 0.5f)));

    public static readonly Adjoint Elu = Exponential(alpha: 1, gamma: 1);

    public static readonly Adjoint Selu = Exponential(1.67326319217681884765625f, 1.05070102214813232421875f);

    public static readonly Adjoint Celu = step =>
    {
        NodeWriter w = step.Write;
        string x = step.Input(0);
        string tail = w.Mul(step.Gradient, w.Node("Exp", [w.Div(x, step.Real(step.Node.Attributes.Float("alpha", 1)))]));
        step.Give(0, w.Where(Above(step, w, x, 0), step.Gradient, tail));
    };

    public static readonly Adjoint HardSigmoid = step =>
    {
        NodeWriter w = step.Write;
        double alpha = step.Node.Attributes.Float("alpha", 0.2f);
        string line = w.Add(w.Mul(step.Input(0), step.Real(alpha)), step.Real(step.Node.Attributes.Float("beta", 0.5f)));
        step.Give(0, w.Where(Within(step, w, line, 0, 1), w.Mul(step.Gradient, step.Real(alpha)), step.Real(0)));
    };

    public static readonly Adjoint HardSwish = By((step, w, x) =>
    {
        string line = w.Add(w.Div(x, step.Real(6)), step.Real(0.5));
        string gate = w.Node("Clip", [line, step.Real(0), step.Real(1)]);
        return w.Add(gate, w.Where(Within(step, w, line, 0, 1), w.Div(x, step.Real(6)), step.Real(0)));
    });

    public static readonly Adjoint Swish = By((step, w, x) =>
    {
        double alpha = step.Node.Attributes.Float("alpha", 1);
        string gate = w.Node("Sigmoid", [alpha == 1 ? x : w.Mul(x, step.Real(alpha))]);
        string bend = w.Mul(w.Mul(x, gate), OneLess(step, w, gate));
        return w.Add(gate, alpha == 1 ? bend : w.Mul(bend, step.Real(alpha)));
    });

    public static readonly Adjoint Gelu = By((step, w, x) => step.Node.Attributes.Text("approximate", "none") == "tanh" ? SlopeOfTanhGelu(step, w, x) : SlopeOfGelu(step, w, x));

    public static readonly Adjoint PRelu = step =>
    {
        NodeWriter w = step.Write;
        string slope = step.Input(1);
        ValueShape x = step.ShapeOf(0);
        ValueShape own = step.ShapeOf(1);
        if (step.Wants(1))
        {
            throw step.Error("the slopes depend on the image");
        }

        // As at the forward pass: a vector of slopes lies along the channels where it fits nowhere else.
        if (x.Rank > 2 && own.Rank == 1 && own.Sizes[0] == x.Sizes[1] && own.Sizes[0] != 1 && own.Sizes[0] != x.Sizes[^1])
        {
            slope = w.Reshape(slope, [-1, .. Enumerable.Repeat(1L, x.Rank - 2)]);
        }

        step.GiveSpread(0, w.Where(w.Node("Less", [step.Input(0), step.Real(0)]), w.Mul(step.Gradient, slope), step.Gradient));
    };

    /// <summary>Bounds that are constants are no gates; the gradient passes at them.</summary>
    public static readonly Adjoint Clip = step =>
    {
        NodeWriter w = step.Write;
        (string? least, string? most) = step.Node.Opset < 11
            ? (step.Real(step.Node.Attributes.Float("min", float.MinValue)), step.Real(step.Node.Attributes.Float("max", float.MaxValue)))
            : (step.Has(1) ? step.Input(1) : null, step.Has(2) ? step.Input(2) : null);
        if (step.Wants(1) || step.Wants(2))
        {
            throw step.Error("the bounds depend on the image");
        }

        string gradient = step.Gradient;
        gradient = least is null ? gradient : w.Where(w.Node("Less", [step.Input(0), least]), step.Real(0), gradient);
        step.Give(0, most is null ? gradient : w.Where(w.Node("Greater", [step.Input(0), most]), step.Real(0), gradient));
    };

    private static string Above(AdjointStep step, NodeWriter w, string x, double bound) => w.Node("Greater", [x, step.Real(bound)]);

    private static string Within(AdjointStep step, NodeWriter w, string x, double least, double most) =>
        w.Node("And", [w.Node("GreaterOrEqual", [x, step.Real(least)]), w.Node("LessOrEqual", [x, step.Real(most)])]);

    private static Adjoint Exponential(float alpha, float gamma) => step =>
    {
        NodeWriter w = step.Write;
        string x = step.Input(0);
        double height = step.Node.Attributes.Float("alpha", alpha);
        double scale = step.Node.Operator == "Selu" ? step.Node.Attributes.Float("gamma", gamma) : 1;
        string gradient = scale == 1 ? step.Gradient : w.Mul(step.Gradient, step.Real(scale));
        step.Give(0, w.Where(Above(step, w, x, 0), gradient, w.Mul(gradient, w.Mul(w.Node("Exp", [x]), step.Real(height)))));
    };

    // P(x) + x p(x) with the normal distribution P and its density p.
    private static string SlopeOfGelu(AdjointStep step, NodeWriter w, string x)
    {
        string share = w.Mul(w.Add(w.Node("Erf", [w.Mul(x, step.Real(Math.Sqrt(0.5)))]), step.Real(1)), step.Real(0.5));
        string density = w.Mul(w.Node("Exp", [w.Mul(w.Mul(x, x), step.Real(-0.5))]), step.Real(1 / Math.Sqrt(2 * Math.PI)));
        return w.Add(share, w.Mul(x, density));
    }

    private static string SlopeOfTanhGelu(AdjointStep step, NodeWriter w, string x)
    {
        double scale = Math.Sqrt(2 / Math.PI);
        const double Cubic = 0.044715;
        string square = w.Mul(x, x);
        string gate = w.Node("Tanh", [w.Mul(w.Mul(x, step.Real(scale)), w.Add(w.Mul(square, step.Real(Cubic)), step.Real(1)))]);
        string inner = w.Mul(w.Add(w.Mul(square, step.Real(3 * Cubic)), step.Real(1)), step.Real(scale));
        string bend = w.Mul(w.Mul(x, OneLess(step, w, w.Mul(gate, gate))), inner);
        return w.Mul(w.Add(w.Add(gate, step.Real(1)), bend), step.Real(0.5));
    }
}
