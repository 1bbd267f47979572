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

    /// <summary>From the weights of the logits in what is differentiated to those of the scores: each times what the logit rises by a unit of its score.</summary>
    /// <param name="w">Takes the nodes.</param>
    /// <param name="weights">The weights of the logits [N,classes].</param>
    /// <param name="scores">What the network gives [N,scores].</param>
    /// <param name="type">The format's element type of them.</param>
    public string OfScores(NodeWriter w, string weights, string scores, int type)
    {
        string ofLogits = IsBinary ? w.Sub(w.Slice(weights, 1, 1, 2), w.Slice(weights, 1, 0, 1)) : weights;
        if (_undo == UndoneBy.Nothing)
        {
            return ofLogits;
        }

        string p = Shares(w, scores, type);
        string slope = ZeroAtEnds(w, p, type);
        slope = _undo == UndoneBy.Logarithm ? slope : w.Mul(slope, ZeroAtEnds(w, Complement(w, p, type), type));
        return w.Mul(ofLogits, _total == 1 ? slope : w.Div(slope, w.Real(_total, type)));
    }

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
