namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>Makes the question that a target is, of a network whose outputs allow it.</summary>
internal static class QuestionOf
{
    /// <param name="network">The network; it is loaded.</param>
    /// <param name="target">What is asked.</param>
    /// <param name="rule">How scores become probabilities.</param>
    /// <exception cref="ArgumentException">The network's outputs do not allow it; the message says what they do allow.</exception>
    public static Question Target(ImageNetwork network, SaliencyTarget target, ScoreRule rule)
    {
        int numbers = network.Shape.ClassCount;
        return target switch
        {
            OutputTarget output => new OutputQuestion(numbers, output.Negative),
            SimilarityTarget similar when similar.Reference is { } reference && reference.Length != numbers => throw new ArgumentException(
                $"The embedding to compare with has {reference.Length} numbers, and the network '{network.Name}' gives {numbers}. Make it with the same network."),
            SimilarityTarget similar when numbers < 2 => throw new ArgumentException($"The network '{network.Name}' gives one number, and the cosine of one number is its sign: there is no likeness to explain."),
            SimilarityTarget similar => new SimilarityQuestion(network.Name, numbers, similar.Reference),
            OwnTarget own => new OwnQuestion(own.Name, [numbers], own.Score),
            _ => new ClassQuestion(ScoreReading.Of(network, rule)) { TargetsPerRow = target is TopTarget top ? top.Count : 1, Gamma = (target as ContrastTarget)?.Gamma },
        };
    }
}
