using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The one place that knows how a network's scores become the logits and the probabilities of classes.</summary>
/// <remarks>
/// Three steps, each of which may do nothing. Scores that are probabilities are undone: to log p where one class is true (its gradient is
/// that of the logit up to what all classes share), to the log-odds where each class stands for itself. A single logit y becomes two,
/// -y and y. Softmax, sigmoid or the exponential makes probabilities of logits.
/// </remarks>
internal sealed partial class ScoreReading
{
    // Below the smallest float that keeps all its digits, 1 / p overflows.
    private const double LeastProbability = 1e-37;

    // What rounding may add to 1.
    private const double MostOverOne = 1e-3;

    private readonly UndoneBy _undo;
    private readonly MadeBy _make;
    private readonly double _total;
    private readonly string _text;

    private ScoreReading(int scores, UndoneBy undo, MadeBy make, bool isBinary, double total, string text)
    {
        (_undo, _make, _total, _text, IsBinary) = (undo, make, total, text, isBinary);
        ClassCount = isBinary ? 2 : scores;
    }

    private enum UndoneBy
    {
        Nothing,
        Logarithm,
        LogOdds,
    }

    private enum MadeBy
    {
        Softmax,
        Sigmoid,
        Exponential,
        Nothing,
    }

    /// <summary>Whether one score stands for two classes: class 1 is the score, class 0 its complement.</summary>
    public bool IsBinary { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount { get; }

    /// <summary>Whether there are probabilities. If not, scores stand in their place.</summary>
    public bool HasProbabilities => _make != MadeBy.Nothing;

    /// <summary>What the network's scores are read as.</summary>
    public static ScoreReading Of(ImageNetwork network, ScoreRule rule = ScoreRule.Auto) => Of(network.Name, network.Shape.ClassCount, network.ScoreEvidence, rule);

    /// <summary>Whether the logits are what the network computes, and not logarithms of its probabilities, which fall in size as a class gets likelier.</summary>
    public bool HasLogits => _undo != UndoneBy.Logarithm;

    /// <summary>Whether each score is a class's logit as it stands.</summary>
    public bool AreScoresLogits => _undo == UndoneBy.Nothing && !IsBinary;

    /// <param name="network">The network's name, for messages.</param>
    /// <param name="scores">How many scores it gives an image.</param>
    /// <param name="found">What they are.</param>
    /// <param name="rule">What the user says of them.</param>
    /// <exception cref="ArgumentException">The rule cannot mean anything for these scores, or nothing tells what one single score is.</exception>
    public static ScoreReading Of(string network, int scores, ScoreEvidence found, ScoreRule rule) => rule switch
    {
        ScoreRule.None => new(scores, UndoneBy.Nothing, MadeBy.Nothing, false, 1, "Scores are no probabilities, as asked for, and stand in their place."),
        ScoreRule.Sigmoid => EachItsOwn(scores, found),
        ScoreRule.Softmax when scores == 1 => throw new ArgumentException($"The network '{network}' gives one score, and the softmax of one score is always 1. {OneScoreRules}"),
        ScoreRule.Softmax => OneIsTrue(scores, found),
        ScoreRule.Probabilities => AsTheyAre(network, scores, found),
        _ when scores == 1 => OneScore(network, found),
        _ => found.Kind is ScoreKind.BeforeSigmoid or ScoreKind.OwnProbabilities ? EachItsOwn(scores, found) : OneIsTrue(scores, found),
    };

    /// <summary>The logits of the classes [N,classes]: what is differentiated.</summary>
    /// <param name="scores">What the network gives [N,scores].</param>
    public Tensor Logits(Tensor scores)
    {
        if (_undo != UndoneBy.Nothing)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor p = Shares(scores);
            scores = (_undo == UndoneBy.Logarithm ? p.log() : p.log() - Complement(p).log()).MoveToOuterDisposeScope();
        }

        return IsBinary ? cat([scores.neg(), scores], 1) : scores;
    }

    /// <summary>From the logits [N,classes] to what stands in the probability columns [N,classes].</summary>
    public Tensor Probabilities(Tensor logits) => _make switch
    {
        MadeBy.Softmax => logits.softmax(1),
        MadeBy.Sigmoid => logits.sigmoid(),
        MadeBy.Exponential => logits.exp(),
        _ => logits,
    };

    /// <summary>The scores that classes are made of, one array a target.</summary>
    public IReadOnlyList<long[]> ScoresOf(IReadOnlyList<long[]> classes) => IsBinary ? [.. classes.Select(rows => new long[rows.Length])] : classes;

    /// <summary>From the gradients of scores to those of logits: each row times what its logit rises by a unit of its score.</summary>
    /// <param name="gradients">The gradients of <see cref="ScoresOf"/>, [B,C,h,w] a target.</param>
    /// <param name="scores">What the network gave [B,scores].</param>
    /// <param name="classes">The classes, one array a target.</param>
    public Tensor[] OfLogits(Tensor[] gradients, Tensor scores, IReadOnlyList<long[]> classes)
    {
        if (AreScoresLogits)
        {
            return gradients;
        }

        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<long[]> asked = ScoresOf(classes);
        var risen = new Tensor[gradients.Length];
        for (int t = 0; t < gradients.Length; t++)
        {
            Tensor rise = Slope(scores.detach().gather(1, tensor(asked[t]).unsqueeze(1).to(scores.device)));
            if (IsBinary)
            {
                rise *= tensor(classes[t].Select(index => index == 0 ? -1f : 1f).ToArray()).unsqueeze(1).to(scores.device);
            }

            risen[t] = gradients[t] * rise.view(-1, 1, 1, 1);
        }

        scope.MoveToOuter(risen);
        return risen;
    }

    /// <summary>One or two sentences for the log.</summary>
    public override string ToString() => _text;

    private static ScoreReading OneIsTrue(int scores, ScoreEvidence found) => found.Kind switch
    {
        ScoreKind.Probabilities => AsTrueOnes(scores, found),
        ScoreKind.OwnProbabilities => new(scores, UndoneBy.LogOdds, MadeBy.Softmax, false, found.Total, Said(found, "Probabilities are the softmax of their log-odds.")),
        _ => new(scores, UndoneBy.Nothing, MadeBy.Softmax, false, 1, Said(found, "Probabilities are the softmax of the scores.")),
    };

    private static ScoreReading EachItsOwn(int scores, ScoreEvidence found) => found.Kind is ScoreKind.Probabilities or ScoreKind.OwnProbabilities
        ? new(scores, UndoneBy.LogOdds, MadeBy.Sigmoid, false, found.Total, Said(found, "Each is taken as its class's own probability, and its log-odds are explained."))
        : new(scores, UndoneBy.Nothing, MadeBy.Sigmoid, false, 1, Said(found, "Each class's probability is the sigmoid of its score."));

    private static ScoreReading AsTheyAre(string network, int scores, ScoreEvidence found) => found.Kind switch
    {
        ScoreKind.Logits => throw new ArgumentException(
            $"The scores of the network '{network}' are asked to be taken as probabilities, and for made-up images some lie outside of 0 to 1. Take the default, {nameof(ScoreRule.Softmax)}, {nameof(ScoreRule.Sigmoid)} or {nameof(ScoreRule.None)}."),
        ScoreKind.BeforeSoftmax => scores == 1 ? OneScore(network, found) : OneIsTrue(scores, found),
        ScoreKind.BeforeSigmoid => scores == 1 ? Binary(found) : EachItsOwn(scores, found),
        _ when scores == 1 => BinaryOfShare(found),
        ScoreKind.OwnProbabilities => EachItsOwn(scores, found),
        _ => AsTrueOnes(scores, found),
    };

    private static ScoreReading OneScore(string network, ScoreEvidence found) => found.Kind switch
    {
        ScoreKind.Logits or ScoreKind.BeforeSigmoid => Binary(found),
        ScoreKind.OwnProbabilities => BinaryOfShare(found),
        ScoreKind.Unclear => throw new ArgumentException(
            $"The network '{network}' gives one score, which lies in 0 to 1 for all made-up images, and nothing tells whether it is a probability or a logit. {OneScoreRules}"),
        _ => throw new ArgumentException($"The network '{network}' ends in the softmax of one score, which is always 1, so there is nothing to explain. Export it without the softmax, or with two classes."),
    };

    private static ScoreReading Binary(ScoreEvidence found) => new(1, UndoneBy.Nothing, MadeBy.Sigmoid, true, 1, Said(found,
        "The one score is read as the logit of class 1 of two: its probability is the sigmoid, and class 0 is its complement."));

    private static ScoreReading BinaryOfShare(ScoreEvidence found) => new(1, UndoneBy.LogOdds, MadeBy.Sigmoid, true, found.Total, Said(found,
        "The one score is read as the probability of class 1 of two, class 0 is its complement, and the log-odds are explained."));

    private static ScoreReading AsTrueOnes(int scores, ScoreEvidence found) => new(scores, UndoneBy.Logarithm, MadeBy.Exponential, false, found.Total, Said(found,
        "The scores are taken as probabilities, and their logarithm is explained: its gradient is the logit's up to what all classes share."));

    private static string OneScoreRules => $"Say what it is: {nameof(ScoreRule)}.{nameof(ScoreRule.Probabilities)} for the probability of class 1 of two, {nameof(ScoreRule.Sigmoid)} for the logit of one label, {nameof(ScoreRule.None)} for neither.";

    private static string Said(ScoreEvidence found, string text) => found.Finding is { } finding ? $"{finding} {text}" : text;

    /// <summary>The scores as shares of 1: NaN where they are none, and never so small that their logarithm is infinite.</summary>
    private Tensor Shares(Tensor scores)
    {
        Tensor p = _total == 1 ? scores : scores.div(HeldScalar.Of(_total));
        Tensor isNone = p.lt(HeldScalar.Of(-MostOverOne)).logical_or(p.gt(HeldScalar.Of(1 + MostOverOne)));
        return p.clamp(HeldScalar.Of(LeastProbability), HeldScalar.Of(1L)).masked_fill(isNone, HeldScalar.Of(double.NaN));
    }

    private static Tensor Complement(Tensor p) => p.neg().Plus(1L).clamp_min(HeldScalar.Of(LeastProbability));

    // At an end of the range float32 has lost the slope, and a rise of 0 makes the map flat instead of wrong.
    private Tensor Slope(Tensor scores) => _undo switch
    {
        UndoneBy.Nothing => ones_like(scores),
        UndoneBy.Logarithm => ZeroAtEnds(Shares(scores)).div(HeldScalar.Of(_total)),
        _ => ZeroAtEnds(Shares(scores)).mul(ZeroAtEnds(Complement(Shares(scores)))).div(HeldScalar.Of(_total)),
    };

    private static Tensor ZeroAtEnds(Tensor p) => p.reciprocal().masked_fill(p.le(HeldScalar.Of(LeastProbability)), HeldScalar.Of(0L));
}
