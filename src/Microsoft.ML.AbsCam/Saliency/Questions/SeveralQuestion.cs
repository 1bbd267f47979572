using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>Several questions that every image is asked, of one kind or of many. They share the passes through the network.</summary>
internal sealed record SeveralQuestion : Question
{
    /// <param name="parts">The questions, in the order of their targets.</param>
    public SeveralQuestion(IReadOnlyList<Question> parts) => (Parts, TargetsPerRow) = (parts, parts.Sum(part => part.TargetsPerRow));

    public override IReadOnlyList<Question> Parts { get; }

    public override int ClassCount => Parts.Max(part => part.ClassCount);

    public override bool HasProbabilities => Parts.All(part => part.HasProbabilities);

    public override bool HasLogits => Parts.All(part => part.HasLogits);

    public override bool ReadsOutputs => Parts.Any(part => part.ReadsOutputs);

    public override bool IsPlaced => Parts.Any(part => part.IsPlaced);

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
        => throw new InvalidOperationException("Each of several questions is asked by itself.");

    public override string ToString() => string.Join(' ', Parts.Select(part => part.ToString()).Distinct());
}
