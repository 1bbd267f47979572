using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Functions of one number each: the gradient times the slope.</summary>
internal static class PointwiseAdjoints
{
    /// <summary>The same numbers in another type, or none other.</summary>
    public static readonly Adjoint Handed = step =>
    {
        int type = step.ShapeOf(0).ElementType;
        step.Give(0, type == step.Type ? step.Gradient : step.Write.Cast(step.Gradient, type));
    };

    public static readonly Adjoint Neg = step => step.Give(0, step.Write.Neg(step.Gradient));

    public static readonly Adjoint Abs = By((step, w, x) => w.Node("Sign", [x]));

    public static readonly Adjoint Reciprocal = By((step, w, x) => w.Neg(w.Mul(step.Output(), step.Output())));

    public static readonly Adjoint Sqrt = By((step, w, x) => w.Div(step.Real(0.5), step.Output()));

    public static readonly Adjoint Exp = By((step, w, x) => step.Output());

    public static readonly Adjoint Log = step => step.Give(0, step.Write.Div(step.Gradient, step.Input(0)));

    public static readonly Adjoint Sin = By((step, w, x) => w.Node("Cos", [x]));

    public static readonly Adjoint Cos = By((step, w, x) => w.Neg(w.Node("Sin", [x])));

    public static readonly Adjoint Tan = By((step, w, x) => w.Add(w.Mul(step.Output(), step.Output()), step.Real(1)));

    public static readonly Adjoint Asin = By((step, w, x) => w.Node("Reciprocal", [w.Node("Sqrt", [OneLess(step, w, w.Mul(x, x))])]));

    public static readonly Adjoint Acos = By((step, w, x) => w.Neg(w.Node("Reciprocal", [w.Node("Sqrt", [OneLess(step, w, w.Mul(x, x))])])));

    public static readonly Adjoint Atan = By((step, w, x) => w.Node("Reciprocal", [w.Add(w.Mul(x, x), step.Real(1))]));

    public static readonly Adjoint Sinh = By((step, w, x) => w.Node("Cosh", [x]));

    public static readonly Adjoint Cosh = By((step, w, x) => w.Node("Sinh", [x]));

    public static readonly Adjoint Asinh = By((step, w, x) => w.Node("Reciprocal", [w.Node("Sqrt", [w.Add(w.Mul(x, x), step.Real(1))])]));

    public static readonly Adjoint Acosh = By((step, w, x) => w.Node("Reciprocal", [w.Node("Sqrt", [w.Sub(w.Mul(x, x), step.Real(1))])]));

    public static readonly Adjoint Atanh = By((step, w, x) => w.Node("Reciprocal", [OneLess(step, w, w.Mul(x, x))]));

    public static readonly Adjoint Erf = By((step, w, x) => w.Mul(w.Node("Exp", [w.Neg(w.Mul(x, x))]), step.Real(2 / Math.Sqrt(Math.PI))));

    /// <summary>The gradient times what is written for the input.</summary>
    public static Adjoint By(Func<AdjointStep, NodeWriter, string, string> slope) => step =>
        step.Give(0, step.Write.Mul(step.Gradient, slope(step, step.Write, step.Input(0))));

    /// <summary>The gradient where a truth of the input holds, and what is written for the gradient elsewhere.</summary>
    public static Adjoint Where(Func<AdjointStep, NodeWriter, string, string> condition, Func<AdjointStep, NodeWriter, string>? otherwise = null) => step =>
        step.Give(0, step.Write.Where(condition(step, step.Write, step.Input(0)), step.Gradient, otherwise is null ? step.Real(0) : otherwise(step, step.Write)));

    public static string OneLess(AdjointStep step, NodeWriter w, string x) => w.Sub(step.Real(1), x);
}
