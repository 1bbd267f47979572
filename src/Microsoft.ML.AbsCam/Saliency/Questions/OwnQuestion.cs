using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>A question of the caller's own: a function from the outputs to a number an image.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Shape">The outputs' shape for one image, without the batch.</param>
/// <param name="Score">From outputs [N, ...] to [N].</param>
internal sealed record OwnQuestion(string Name, long[] Shape, Func<Tensor, Tensor> Score) : Question
{
    public override int ClassCount => 1;

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
        => new ComputedValues(this, outputs, ofEmptyImage);

    public override string ToString() => $"What is explained is '{Name}', a function of this program; masked images weigh by where its value lies between that of an image of zeros and the image's own.";

    private Tensor Of(Tensor outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = Score(outputs.reshape([outputs.shape[0], .. Shape]));
        return values.numel() == outputs.shape[0]
            ? values.reshape(-1, 1).to(ScalarType.Float32).MoveToOuterDisposeScope()
            : throw new InvalidOperationException($"The question '{Name}' gave {TensorSizes.Text(values.shape)} for {outputs.shape[0]} images; expected one number for each.");
    }

    private sealed class ComputedValues : AskedScores
    {
        private readonly OwnQuestion _question;
        private readonly ValueScale _scale;

        public ComputedValues(OwnQuestion question, Tensor outputs, Func<Tensor> ofEmptyImage)
        {
            _question = question;
            Classes = new int[outputs.shape[0]];
            _scale = new ValueScale(Keep(question.Of(outputs)), new Lazy<Tensor>(() => Keep(question.Of(ofEmptyImage()))));
        }

        public override int[]? Classes { get; }

        public override Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows) => _question.Of(outputs);

        public override Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
        {
            using DisposeScope scope = NewDisposeScope();
            return _scale.Of(_question.Of(outputs), rows).MoveToOuterDisposeScope();
        }

        public override Tensor Shown(Tensor outputs, ReadOnlySpan<int> rows) => _question.Of(outputs);
    }
}
