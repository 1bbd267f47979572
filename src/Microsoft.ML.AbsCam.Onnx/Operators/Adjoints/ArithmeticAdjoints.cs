using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Operators of several values that broadcast: the product rule, and the sum over what was repeated.</summary>
internal static class ArithmeticAdjoints
{
    public static readonly Adjoint Sum = Each((step, _) => step.Gradient);

    public static readonly Adjoint Mean = Each((step, _) => step.Write.Div(step.Gradient, step.Real(step.InputCount)));

    public static readonly Adjoint Sub = Each((step, input) => input == 0 ? step.Gradient : step.Write.Neg(step.Gradient));

    public static readonly Adjoint Mul = Each((step, input) => step.Write.Mul(step.Gradient, step.Input(1 - input)));

    public static readonly Adjoint Div = Each((step, input) =>
    {
        NodeWriter w = step.Write;
        string share = w.Div(step.Gradient, step.Input(1));
        return input == 0 ? share : w.Neg(w.Mul(share, step.Output()));
    });

    /// <summary>p x^(p - 1), and x^p log x for the power; nothing where the power is 0.</summary>
    public static readonly Adjoint Pow = Each((step, input) =>
    {
        NodeWriter w = step.Write;
        int type = step.ShapeOf(0).ElementType;
        string x = step.Input(0);
        string power = step.ShapeOf(1).ElementType == type ? step.Input(1) : w.Cast(step.Input(1), type);
        if (input == 1)
        {
            // At 0 the slope along the power is 0, as its limit is.
            string log = w.Node("Log", [w.Where(w.Node("Equal", [x, step.Real(0)]), step.Real(1), x)]);
            return w.Mul(step.Gradient, w.Mul(step.Output(), log));
        }

        string slope = w.Mul(power, w.Pow(x, w.Sub(power, step.Real(1))));
        return w.Mul(step.Gradient, w.Where(w.Node("Equal", [power, step.Real(0)]), step.Real(0), slope));
    });

    public static readonly Adjoint Max = Extreme("Max", "Greater");

    public static readonly Adjoint Min = Extreme("Min", "Less");

    public static readonly Adjoint Where = step =>
    {
        NodeWriter w = step.Write;
        for (int input = 1; input <= 2; input++)
        {
            if (step.Wants(input))
            {
                step.GiveSpread(input, input == 1 ? w.Where(step.Input(0), step.Gradient, step.Real(0)) : w.Where(step.Input(0), step.Real(0), step.Gradient));
            }
        }
    };

    /// <summary>x - n floor(x / n), or with the sign of x: the slope along x is 1.</summary>
    public static readonly Adjoint Mod = Each((step, input) => input == 0 ? step.Gradient : throw step.Error("the divisor depends on the image"));

    private static Adjoint Each(Func<AdjointStep, int, string> gradient) => step =>
    {
        for (int input = 0; input < step.InputCount; input++)
        {
            if (step.Wants(input))
            {
                step.GiveSpread(input, gradient(step, input));
            }
        }
    };

    // Pair by pair, as at the forward pass; of two that are equal each gets half.
    private static Adjoint Extreme(string operation, string comparison) => step =>
    {
        NodeWriter w = step.Write;
        string[] running = new string[step.InputCount];
        running[0] = step.Input(0);
        for (int i = 1; i < running.Length; i++)
        {
            running[i] = i == running.Length - 1 ? step.Output() : w.Node(operation, [running[i - 1], step.Input(i)]);
        }

        string gradient = step.Gradient;
        for (int i = running.Length - 1; i > 0; i--)
        {
            (string left, string right) = (running[i - 1], step.Input(i));
            string half = w.Mul(gradient, step.Real(0.5));
            string tied = w.Where(w.Node("Equal", [left, right]), half, step.Real(0));
            if (step.Wants(i))
            {
                step.GiveSpread(i, w.Where(w.Node(comparison, [right, left]), gradient, tied));
            }

            gradient = w.Where(w.Node(comparison, [left, right]), gradient, tied);
        }

        if (step.Wants(0))
        {
            step.GiveSpread(0, gradient);
        }
    };
}
