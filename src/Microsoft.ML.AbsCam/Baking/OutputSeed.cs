using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>
/// Questions that read more of the outputs than a class's score, as nodes: the gradient of what is asked with respect to the outputs, and the class of each row. They are those
/// of <c>Saliency/Questions</c>, written by hand.
/// </summary>
/// <param name="writer">Takes the nodes.</param>
/// <param name="outputs">The outputs, as the network has them.</param>
/// <param name="type">Their element type in the format.</param>
internal sealed class OutputSeed(NodeWriter writer, string outputs, int type)
{
    /// <summary>The cosine to a reference: (r - cos e) / |e|, of unit vectors r and e.</summary>
    /// <param name="reference">What every row is compared with.</param>
    public (string Gradient, string Classes) OfLikeness(IReadOnlyList<float> reference)
    {
        double norm = Math.Sqrt(reference.Sum(value => (double)value * value));
        string other = writer.Reals([.. reference.Select(value => value / norm)], [1, reference.Count], type);
        string length = writer.Node("Max", [writer.Node("Sqrt", [writer.Sum(writer.Mul(outputs, outputs), [1])]), writer.Real(1e-12, type)]);
        string own = writer.Div(outputs, length);
        string cosine = writer.Sum(writer.Mul(own, other), [1]);
        string rows = writer.Node("Slice", [writer.Shape(outputs), writer.Ints(0), writer.Ints(1)]);
        return (writer.Div(writer.Sub(other, writer.Mul(cosine, own)), length), writer.Expand(writer.Ints(0), rows));
    }

    /// <summary>The mean of a class's logit over the pixels that the network gives to it.</summary>
    /// <param name="maps">How the outputs lie.</param>
    /// <param name="reading">How a pixel's scores become logits.</param>
    /// <param name="asked">The class; null for the commonest.</param>
    /// <param name="background">The class that is only asked about where it is named, or where there is nothing else; null where there is none.</param>
    public (string Gradient, string Classes) OfRegion(OutputLayout.ClassMaps maps, ScoreReading reading, int? asked, int? background)
    {
        // [batch, pixels, scores], and each pixel a row of its own.
        string pixels = maps.ClassesLast ? writer.Reshape(outputs, 0, -1, maps.Count) : writer.Transpose(writer.Reshape(outputs, 0, maps.Count, -1), 0, 2, 1);
        string rows = writer.Reshape(pixels, -1, maps.Count);
        string batch = writer.Node("Slice", [writer.Shape(outputs), writer.Ints(0), writer.Ints(1)]);
        string winners = writer.Reshape(writer.Node("ArgMax", [reading.Logits(writer, rows, type)], ("axis", 1), ("keepdims", 0)), writer.Concat(0, batch, writer.Ints(-1)));
        string classes = asked is int index ? writer.Expand(writer.Ints(index), batch) : Commonest(winners, reading.ClassCount, background);
        string inside = writer.Cast(writer.Node("Equal", [winners, writer.Unsqueeze(classes, 1)]), type);
        string shares = writer.Div(inside, writer.Node("Max", [writer.Sum(inside, [1]), writer.Real(1e-12, type)]));
        string ofPixels = writer.Reshape(writer.Expand(writer.Unsqueeze(classes, 1), writer.Shape(winners)), -1);
        string gradient = reading.OfScore(writer, new ScoreSeed(ofPixels, writer.Reshape(shares, -1)), rows, type).OfAll(writer, maps.Count, type);
        gradient = writer.Reshape(gradient, writer.Shape(pixels));
        return (maps.ClassesLast ? gradient : writer.Transpose(gradient, 0, 2, 1), classes);
    }

    /// <summary>The logit of the most confident box: of a class, or of all.</summary>
    /// <param name="boxes">How the outputs lie.</param>
    /// <param name="reading">How a box's scores become logits and probabilities.</param>
    /// <param name="asked">The class; null for any.</param>
    public (string Gradient, string Classes) OfBox(OutputLayout.Detections boxes, ScoreReading reading, int? asked)
    {
        string lines = boxes.AnchorsFirst ? outputs : writer.Transpose(outputs, 0, 2, 1);
        string all = writer.Reshape(Scores(boxes, lines, 2), -1, boxes.Count);
        string batch = writer.Node("Slice", [writer.Shape(outputs), writer.Ints(0), writer.Ints(1)]);
        string confident = writer.Reshape(reading.Probabilities(writer, reading.Logits(writer, all, type)), writer.Concat(0, batch, writer.Ints(-1, reading.ClassCount)));
        confident = asked is int index ? writer.Slice(confident, 2, index, index + 1) : confident;
        string best = writer.Node("ArgMax", [writer.Reshape(confident, 0, -1)], ("axis", 1), ("keepdims", 0));
        string of = writer.Ints(asked is null ? reading.ClassCount : 1);
        string anchors = writer.Div(best, of);
        string classes = asked is int one ? writer.Expand(writer.Ints(one), batch) : writer.Sub(best, writer.Mul(anchors, of));

        // The one box [batch, numbers of a box], and the gradient of its logit with respect to them.
        string line = writer.Squeeze(writer.OneChannel(lines, anchors), 1);
        string ones = writer.Expand(writer.Real(1, type), batch);
        string ofScores = reading.OfScore(writer, new ScoreSeed(classes, ones), Scores(boxes, line, 1), type).OfAll(writer, boxes.Count, type);
        string none = writer.Mul(writer.Slice(line, 1, 0, 4), writer.Real(0, type));
        string ofLine = !boxes.HasObjectness ? writer.Concat(1, none, ofScores)
            : writer.Concat(1, none, writer.Sum(writer.Mul(ofScores, writer.Slice(line, 1, 5, boxes.Length)), [1]), writer.Mul(ofScores, writer.Slice(line, 1, 4, 5)));

        string numbers = writer.Counted(writer.Slice(writer.Slice(lines, 0, 0, 1), 2, 0, 1), 0);
        string isBest = writer.Node("Equal", [numbers, writer.Unsqueeze(anchors, 1, 2)]);
        string gradient = writer.Where(isBest, writer.Unsqueeze(ofLine, 1), writer.Real(0, type));
        return (boxes.AnchorsFirst ? gradient : writer.Transpose(gradient, 0, 2, 1), classes);
    }

    // Of boxes whose numbers lie along an axis: the classes' scores, times the objectness where there is one.
    private string Scores(OutputLayout.Detections boxes, string lines, int axis)
    {
        string scores = writer.Slice(lines, axis, boxes.FirstClass, boxes.Length);
        return boxes.HasObjectness ? writer.Mul(scores, writer.Slice(lines, axis, 4, 5)) : scores;
    }

    // The lowest of several classes that are as common.
    private string Commonest(string winners, int classes, int? background)
    {
        long[] indices = [.. Enumerable.Range(0, classes).Select(index => (long)index)];
        string isOf = writer.Node("Equal", [writer.Unsqueeze(winners, 2), writer.Ints(indices)]);
        string counts = writer.Sum(writer.Cast(isOf, ElementTypes.Float), [1], keep: false);
        if (background is int nothing)
        {
            // Nothing counts for so little that any other class is more, but more than none at all.
            double[] factors = [.. indices.Select(index => index == nothing ? 1e-9 : 1)];
            counts = writer.Mul(counts, writer.Reals(factors, [1, classes], ElementTypes.Float));
        }

        return writer.Node("ArgMax", [counts], ("axis", 1), ("keepdims", 0));
    }
}
