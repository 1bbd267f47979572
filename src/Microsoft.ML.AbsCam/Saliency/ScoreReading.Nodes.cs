using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Saliency;

/// <content>The same as nodes of a model file.</content>
internal sealed partial class ScoreReading
{
    /// <summary>The logits of the classes [N,classes].</summary>
    /// <param name="w">Takes the nodes.</param>
    /// <param name="scores">What the network gives [N,scores].</param>
    /// <param name="type">The format's element type of them.</param>
    public string Logits(NodeWriter w, string scores, int type)
    {
        string logits = _undo switch
        {
            UndoneBy.Nothing => scores,
            UndoneBy.Logarithm => w.Node("Log", [Shares(w, scores, type)]),
            _ => w.Sub(w.Node("Log", [Shares(w, scores, type)]), w.Node("Log", [Complement(w, Shares(w, scores, type), type)])),
        };
        return IsBinary ? w.Concat(1, w.Neg(logits), logits) : logits;
    }

    /// <summary>From a class's logit and what it counts to the score that it is made of, and what that counts: times what the logit rises by a unit of it.</summary>
    /// <param name="w">Takes the nodes.</param>
    /// <param name="logit">The class of each row, and what its logit counts.</param>
    /// <param name="scores">What the network gives [N,scores].</param>
    /// <param name="type">The format's element type of them.</param>
    public ScoreSeed OfScore(NodeWriter w, ScoreSeed logit, string scores, int type)
    {
        (string classes, string weights) = (logit.Classes, logit.Weights);
        if (IsBinary)
        {
            string isOne = w.Node("Equal", [classes, w.Ints(1)]);
            (classes, weights) = (w.Node("Mul", [classes, w.Ints(0)]), w.Where(isOne, weights, w.Neg(weights)));
        }

        if (_undo != UndoneBy.Nothing)
        {
            string p = Shares(w, w.Squeeze(w.OneChannel(scores, classes), 1), type);
            string slope = ZeroAtEnds(w, p, type);
            slope = _undo == UndoneBy.Logarithm ? slope : w.Mul(slope, ZeroAtEnds(w, Complement(w, p, type), type));
            weights = w.Mul(weights, _total == 1 ? slope : w.Div(slope, w.Real(_total, type)));
        }

        return new ScoreSeed(classes, weights);
    }

    /// <summary>From the logits [N,classes] to the probabilities [N,classes].</summary>
    public string Probabilities(NodeWriter w, string logits) => _make switch
    {
        MadeBy.Softmax => w.Node("Softmax", [logits], ("axis", 1)),
        MadeBy.Sigmoid => w.Node("Sigmoid", [logits]),
        MadeBy.Exponential => w.Node("Exp", [logits]),
        _ => logits,
    };

    private string Shares(NodeWriter w, string scores, int type)
    {
        string p = _total == 1 ? scores : w.Div(scores, w.Real(_total, type));
        string isNone = w.Node("Or", [w.Node("Less", [p, w.Real(-MostOverOne, type)]), w.Node("Greater", [p, w.Real(1 + MostOverOne, type)])]);
        string clamped = w.Node("Min", [w.Node("Max", [p, w.Real(LeastProbability, type)]), w.Real(1, type)]);
        return w.Where(isNone, w.Real(double.NaN, type), clamped);
    }

    private static string Complement(NodeWriter w, string p, int type) => w.Node("Max", [w.Sub(w.Real(1, type), p), w.Real(LeastProbability, type)]);

    private static string ZeroAtEnds(NodeWriter w, string p, int type) =>
        w.Where(w.Node("LessOrEqual", [p, w.Real(LeastProbability, type)]), w.Real(0, type), w.Node("Reciprocal", [p]));
}
