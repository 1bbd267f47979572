using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Products of matrices: the product of the gradient with the other factor, transposed.</summary>
internal static class MatrixAdjoints
{
    /// <summary>For y = a b: g b' and a' g, summed over the stacks along which one was repeated. A vector is a row on the left and a column on the right.</summary>
    public static readonly Adjoint MatMul = step =>
    {
        NodeWriter w = step.Write;
        ValueShape a = step.ShapeOf(0);
        ValueShape b = step.ShapeOf(1);
        string g = step.Gradient;
        g = b.Rank == 1 ? w.Unsqueeze(g, -1) : g;
        g = a.Rank == 1 ? w.Unsqueeze(g, -2) : g;
        string left = a.Rank == 1 ? w.Unsqueeze(step.Input(0), 0) : step.Input(0);
        string right = b.Rank == 1 ? w.Unsqueeze(step.Input(1), 1) : step.Input(1);
        ValueShape rows = a.Rank == 1 ? new ValueShape([1, .. a.Sizes], [false, .. a.Varies], a.ElementType) : a;
        ValueShape columns = b.Rank == 1 ? new ValueShape([.. b.Sizes, 1], [.. b.Varies, false], b.ElementType) : b;
        if (step.Wants(0))
        {
            string product = w.MatMul(g, Transposed(w, right, columns.Rank));
            step.Give(0, Finish(step, product, rows, columns, a.Rank == 1 ? 0 : null));
        }

        if (step.Wants(1))
        {
            string product = w.MatMul(Transposed(w, left, rows.Rank), g);
            step.Give(1, Finish(step, product, columns, rows, b.Rank == 1 ? 1 : null));
        }
    };

    public static readonly Adjoint Gemm = step =>
    {
        NodeWriter w = step.Write;
        double alpha = step.Node.Attributes.Float("alpha", 1);
        double beta = step.Node.Attributes.Float("beta", 1);
        bool turnsLeft = step.Node.Attributes.Flag("transA");
        bool turnsRight = step.Node.Attributes.Flag("transB");
        string g = step.Gradient;
        if (step.Wants(0))
        {
            // y = A B with A perhaps given turned: dA = g B', and turned again where A was.
            step.Give(0, turnsLeft ? Product(step, step.Input(1), g, turnsRight, true, alpha) : Product(step, g, step.Input(1), false, !turnsRight, alpha));
        }

        if (step.Wants(1))
        {
            step.Give(1, turnsRight ? Product(step, g, step.Input(0), true, turnsLeft, alpha) : Product(step, step.Input(0), g, !turnsLeft, false, alpha));
        }

        if (step.Wants(2))
        {
            step.GiveSpread(2, beta == 1 ? g : w.Mul(g, step.Real(beta)));
        }
    };

    /// <summary>The letters of an input and of the output exchanged; a letter that only this input has is summed, so its gradient is spread.</summary>
    public static readonly Adjoint Einsum = step =>
    {
        NodeWriter w = step.Write;
        string[] sides = step.Node.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        string output = sides.Length > 1 ? sides[1] : string.Concat(sides[0].Where(char.IsLetter).GroupBy(letter => letter).Where(letters => letters.Count() == 1).Select(letters => letters.Key).Order());
        if (sides[0].Contains('.', StringComparison.Ordinal) || terms.Any(term => term.Distinct().Count() != term.Length))
        {
            throw step.Error("its equation leaves letters out, or names one twice for one input");
        }

        for (int input = 0; input < terms.Length; input++)
        {
            if (!step.Wants(input))
            {
                continue;
            }

            int[] others = [.. Enumerable.Range(0, terms.Length).Where(other => other != input)];
            string known = output + string.Concat(others.Select(other => terms[other]));
            string kept = string.Concat(terms[input].Where(known.Contains));
            string equation = $"{string.Join(',', [output, .. others.Select(other => terms[other])])}->{kept}";
            string gradient = w.Node("Einsum", [step.Gradient, .. others.Select(step.Input)], ("equation", equation));
            long[] alone = [.. Enumerable.Range(0, terms[input].Length).Where(axis => !known.Contains(terms[input][axis])).Select(axis => (long)axis)];
            step.Give(input, alone.Length == 0 ? gradient : w.Expand(w.Unsqueeze(gradient, alone), w.Shape(step.Input(input))));
        }
    };

    private static string Product(AdjointStep step, string a, string b, bool turnsA, bool turnsB, double alpha) =>
        step.Write.Node("Gemm", [a, b], ("transA", turnsA), ("transB", turnsB), ("alpha", alpha));

    private static string Transposed(NodeWriter w, string matrices, int rank) =>
        w.Transpose(matrices, [.. Enumerable.Range(0, rank - 2).Select(axis => (long)axis), rank - 1, rank - 2]);

    // Without the stacks that only the other factor has, and without the axis that made a vector a matrix.
    private static string Finish(AdjointStep step, string product, ValueShape own, ValueShape other, int? vectorAxis)
    {
        NodeWriter w = step.Write;
        int rank = Math.Max(own.Rank, other.Rank);
        int lead = rank - own.Rank;
        long[] spread = [.. Enumerable.Range(0, rank - 2).Where(axis => axis < lead || (own.Sizes[axis - lead] == 1 && axis >= rank - other.Rank && other.Sizes[axis - (rank - other.Rank)] != 1)).Select(axis => (long)axis)];
        string sum = spread.Length == 0 ? product : w.Sum(product, spread);
        sum = lead == 0 ? sum : w.Squeeze(sum, [.. Enumerable.Range(0, lead).Select(axis => (long)axis)]);
        return vectorAxis is int axis ? w.Squeeze(sum, axis) : sum;
    }
}
