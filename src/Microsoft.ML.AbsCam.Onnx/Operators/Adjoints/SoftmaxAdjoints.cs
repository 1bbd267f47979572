using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Softmax and its logarithm: the closed forms.</summary>
internal static class SoftmaxAdjoints
{
    public static readonly Adjoint Softmax = step =>
    {
        NodeWriter w = step.Write;
        string weighted = w.Mul(step.Gradient, step.Output());
        step.Give(0, w.Sub(weighted, w.Mul(step.Output(), w.Sum(weighted, Axes(step)))));
    };

    public static readonly Adjoint LogSoftmax = step =>
    {
        NodeWriter w = step.Write;
        step.Give(0, w.Sub(step.Gradient, w.Mul(w.Node("Exp", [step.Output()]), w.Sum(step.Gradient, Axes(step)))));
    };

    // Until operator set 13 all axes from the named one on sum to one together.
    private static long[] Axes(AdjointStep step)
    {
        int rank = step.ShapeOf(0).Rank;
        bool rest = step.Node.Opset < 13;
        int axis = ShapeAdjoints.Axis(step, rest ? 1 : -1);
        return [.. Enumerable.Range(axis, rest ? rank - axis : 1).Select(one => (long)one)];
    }
}
