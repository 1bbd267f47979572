using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Which classes are asked about at a place, and what their logits count: one class, or one against another.</summary>
/// <param name="Class">The class; null for the one that the network finds there.</param>
/// <param name="Gamma">How much of the other class is taken off; null where there is none.</param>
/// <param name="Against">The other class; null for the highest besides.</param>
internal sealed record AskedOfPlace(int? Class, double? Gamma, int? Against)
{
    /// <param name="w">Takes the nodes.</param>
    /// <param name="classes">The class of each row [batch].</param>
    /// <param name="logits">The logits of all classes at its place [batch, classes].</param>
    /// <param name="count">How many classes there are.</param>
    /// <param name="type">The format's element type of the logits.</param>
    /// <returns>The other class of each row [batch]; null where there is none.</returns>
    public string? WriteAgainst(NodeWriter w, string classes, string logits, int count, int type) =>
        Gamma is null ? null
        : Against is int other ? w.Expand(w.Ints(other), w.Shape(classes))
        : w.Node("ArgMax", [w.Where(ScoreSeed.IsClass(w, classes, count), w.Real(double.NegativeInfinity, type), logits)], ("axis", 1), ("keepdims", 0));

    /// <summary>The gradient of what is asked with respect to scores [N, scores].</summary>
    /// <param name="w">Takes the nodes.</param>
    /// <param name="reading">How scores become logits.</param>
    /// <param name="of">The class of each of the N.</param>
    /// <param name="against">The other class of each; null where there is none.</param>
    /// <param name="weights">What each of the N counts.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="count">How many scores.</param>
    /// <param name="type">The format's element type of them.</param>
    public string WriteGradient(NodeWriter w, ScoreReading reading, string of, string? against, string weights, string scores, int count, int type)
    {
        string gradient = reading.OfScore(w, new ScoreSeed(of, weights), scores, type).OfAll(w, count, type);
        return against is null ? gradient
            : w.Add(gradient, reading.OfScore(w, new ScoreSeed(against, w.Mul(weights, w.Real(-Gamma!.Value, type))), scores, type).OfAll(w, count, type));
    }
}
