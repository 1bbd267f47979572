using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>What makes an output large, or small? y_j as it is, of a regression or any other vector of numbers.</summary>
/// <param name="Count">How many numbers the network gives.</param>
/// <param name="Negative">Whether what lowers them is asked for.</param>
internal sealed record OutputQuestion(int Count, bool Negative) : Question
{
    public override int ClassCount => Count;

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
        => new PlainValues(Negative, outputs, ofEmptyImage);

    public override string ToString() => $"The outputs are explained as they are{(Negative ? ", by what lowers them" : "")}; masked images weigh by where their value lies between that of an image of zeros and the image's own.";

    private sealed class PlainValues : AskedScores
    {
        private readonly bool _negative;
        private readonly ValueScale _scale;

        public PlainValues(bool negative, Tensor own, Func<Tensor> ofEmptyImage)
        {
            _negative = negative;
            _scale = new ValueScale(Keep(own.alias()), new Lazy<Tensor>(() => Keep(ofEmptyImage())));
        }

        public override Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows) => _negative ? outputs.neg() : outputs;

        public override Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows) => _scale.Of(outputs, rows);

        public override Tensor Shown(Tensor outputs, ReadOnlySpan<int> rows) => outputs;
    }
}
