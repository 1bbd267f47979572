using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>Why this class? y_c, the logit of a class.</summary>
/// <param name="Reading">How scores become logits and probabilities.</param>
internal sealed record ClassQuestion(ScoreReading Reading) : Question
{
    public override int ClassCount => Reading.ClassCount;

    public override bool HasRivals => true;

    public override bool HasProbabilities => Reading.HasProbabilities || Gamma is not null;

    public override bool HasLogits => Reading.HasLogits;

    public override bool ReadsOutputs => false;

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage) => new ReadScores(Reading);

    public override string ToString() => Reading.ToString();

    private sealed class ReadScores(ScoreReading reading) : AskedScores
    {
        public override Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows) => reading.Logits(outputs);

        public override Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
        {
            using DisposeScope scope = NewDisposeScope();
            return reading.Probabilities(reading.Logits(outputs)).MoveToOuterDisposeScope();
        }
    }
}
