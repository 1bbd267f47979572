using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What makes this picture like that one, as nodes: the cosine of the outputs to a reference, as <c>SimilarityQuestion</c> asks it.</summary>
internal static class LikenessSeed
{
    // Below it a norm is none.
    private const double LeastNorm = 1e-12;

    /// <summary>The gradient is (r - cos e) / |e|, of unit vectors r and e.</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="outputs">The embeddings [batch, numbers].</param>
    /// <param name="reference">What every row is compared with.</param>
    /// <param name="type">The format's element type of the embeddings.</param>
    public static OutputAnswer Write(NodeWriter writer, string outputs, IReadOnlyList<float> reference, int type)
    {
        double norm = Math.Sqrt(reference.Sum(value => (double)value * value));
        string other = writer.Reals([.. reference.Select(value => value / norm)], [1, reference.Count], type);
        string length = writer.Node("Max", [writer.Node("Sqrt", [writer.Sum(writer.Mul(outputs, outputs), [1])]), writer.Real(LeastNorm, type)]);
        string own = writer.Div(outputs, length);
        string cosine = writer.Sum(writer.Mul(own, other), [1]);
        string rows = writer.Node("Slice", [writer.Shape(outputs), writer.Ints(0), writer.Ints(1)]);
        return new OutputAnswer(writer.Div(writer.Sub(other, writer.Mul(cosine, own)), length), writer.Expand(writer.Ints(0), rows), cosine);
    }
}
