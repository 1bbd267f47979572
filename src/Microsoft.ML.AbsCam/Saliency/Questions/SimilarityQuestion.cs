using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>What makes this picture like that one? The cosine between the row's embedding and another.</summary>
/// <param name="Network">The network's name, for messages.</param>
/// <param name="Length">How many numbers an embedding has.</param>
/// <param name="Reference">What every row is compared with; null where rows bring their own.</param>
internal sealed record SimilarityQuestion(string Network, int Length, float[]? Reference) : Question
{
    // Below it a norm is none.
    private const double LeastNorm = 1e-12;

    public override int ClassCount => 1;

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
    {
        int rows = (int)outputs.shape[0];
        float[][] references = Reference is not null ? [.. Enumerable.Repeat(Reference, rows)] : asks.References ?? [.. Enumerable.Repeat(Array.Empty<float>(), rows)];
        bool[] isFound = [.. references.Select(reference => reference.Length == Length && Array.TrueForAll(reference, float.IsFinite) && reference.Any(value => value != 0))];
        float[] all = [.. references.SelectMany((reference, row) => isFound[row] ? reference : Enumerable.Repeat(1f, Length))];
        return new Cosines(TensorData.FromFloats(all, rows, Length).to(outputs.device), isFound);
    }

    public override string ToString() => $"The outputs of '{Network}' are read as an embedding of {Length} numbers, and the cosine to another is explained; masked images weigh by (1 + cosine) / 2.";

    private sealed class Cosines : AskedScores
    {
        private readonly Tensor _references;
        private readonly bool[] _isFound;

        public Cosines(Tensor references, bool[] isFound)
        {
            _references = Keep(references);
            _isFound = isFound;
            Classes = new int[isFound.Length];
        }

        public override int[]? Classes { get; }

        public override bool IsFound(int row) => _isFound[row];

        public override Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor others = _references.index_select(0, tensor(rows.ToArray()).to(ScalarType.Int64).to(_references.device));
            return nn.functional.cosine_similarity(outputs, others, 1, LeastNorm).unsqueeze(1).MoveToOuterDisposeScope();
        }

        public override Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
        {
            using DisposeScope scope = NewDisposeScope();
            return Logits(outputs, rows).Plus(1L).mul(HeldScalar.Of(0.5)).MoveToOuterDisposeScope();
        }

        public override Tensor Shown(Tensor outputs, ReadOnlySpan<int> rows) => Logits(outputs, rows);
    }
}
