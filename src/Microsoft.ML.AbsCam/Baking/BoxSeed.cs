using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Why this detection, as nodes: the logit of the most confident box, or of the one at a place, as <see cref="BoxQuestion"/> asks it.</summary>
/// <param name="writer">Takes the nodes.</param>
/// <param name="question">The question.</param>
/// <param name="asked">The classes.</param>
/// <param name="place">Left, top, right and bottom in pixels of the input; null for the most confident box.</param>
/// <param name="size">The input's height and width, as a vector of two numbers.</param>
/// <param name="type">The format's element type of the outputs.</param>
internal sealed class BoxSeed(NodeWriter writer, BoxQuestion question, AskedOfPlace asked, double[]? place, Func<string> size, int type)
{
    private OutputLayout.Detections Boxes => question.Boxes;

    private ScoreReading Reading => question.Reading;

    /// <param name="outputs">The outputs, as the network has them.</param>
    public OutputAnswer Write(string outputs)
    {
        string lines = Boxes.AnchorsFirst ? outputs : writer.Transpose(outputs, 0, 2, 1);
        string batch = writer.Node("Slice", [writer.Shape(outputs), writer.Ints(0), writer.Ints(1)]);
        string logits = Reading.Logits(writer, writer.Reshape(Scores(lines, 2), -1, Boxes.Count), type);
        string probabilities = writer.Reshape(Reading.Probabilities(writer, logits), writer.Concat(0, batch, writer.Ints(-1, Reading.ClassCount)));
        string sides = Sides(lines);
        (string anchors, string classes, string isFound) = Chosen(probabilities, sides, batch);

        // The one box [batch, numbers of a box], and the gradient of its logit with respect to them.
        string line = writer.Squeeze(writer.OneChannel(lines, anchors), 1);
        string scores = Scores(line, 1);
        string? against = asked.WriteAgainst(writer, classes, asked.Gamma is null ? "" : Reading.Logits(writer, scores, type), Reading.ClassCount, type);
        string ofScores = asked.WriteGradient(writer, Reading, classes, against, writer.Expand(writer.Real(1, type), batch), scores, Boxes.Count, type);
        string none = writer.Mul(writer.Slice(line, 1, 0, 4), writer.Real(0, type));
        string ofLine = !Boxes.HasObjectness ? writer.Concat(1, none, ofScores)
            : writer.Concat(1, none, writer.Sum(writer.Mul(ofScores, writer.Slice(line, 1, 5, Boxes.Length)), [1]), writer.Mul(ofScores, writer.Slice(line, 1, 4, 5)));

        string numbers = writer.Counted(writer.Slice(writer.Slice(lines, 0, 0, 1), 2, 0, 1), 0);
        string isChosen = writer.Node("Equal", [numbers, writer.Unsqueeze(anchors, 1, 2)]);
        string gradient = writer.Where(isChosen, writer.Unsqueeze(ofLine, 1), writer.Real(0, type));
        string box = writer.OneChannel(sides, anchors);
        return new OutputAnswer(Boxes.AnchorsFirst ? gradient : writer.Transpose(gradient, 0, 2, 1), classes, AtPlace(sides, box, probabilities))
        {
            Against = against,
            Place = writer.Where(writer.Unsqueeze(isFound, 1), writer.Squeeze(box, 1), writer.Real(double.NaN, type)),
            IsFound = isFound,
        };
    }

    // The anchor and class of each row [batch], and whether there is any.
    private (string Anchors, string Classes, string IsFound) Chosen(string probabilities, string sides, string batch)
    {
        // Nobody is sure of what is no number.
        string sure = writer.Where(writer.Node("IsNaN", [probabilities]), writer.Real(double.NegativeInfinity, type), probabilities);
        string ofAll = sure;
        if (question.Background is int nothing)
        {
            // A class that is asked for by itself may be the background; no other answer is.
            double[] shown = [.. Enumerable.Range(0, Reading.ClassCount).Select(index => index == nothing ? double.NegativeInfinity : 0)];
            sure = writer.Add(sure, writer.Reals(shown, [1, 1, shown.Length], type));
        }

        string isThere = "";
        if (place is not null)
        {
            string overlaps = Overlaps(sides);
            string most = writer.Greatest(overlaps, [1]);
            string isNear = writer.Node("GreaterOrEqual", [overlaps, writer.Mul(most, writer.Real(BoxQuestion.NearlyBest, ElementTypes.Double))]);
            sure = writer.Where(writer.Unsqueeze(isNear, 2), sure, writer.Real(double.NegativeInfinity, type));
            ofAll = writer.Where(writer.Unsqueeze(isNear, 2), ofAll, writer.Real(double.NegativeInfinity, type));
            isThere = writer.Squeeze(writer.Node("GreaterOrEqual", [most, writer.Real(BoxQuestion.LeastOverlap, ElementTypes.Double)]), 1);
        }

        string greatest = writer.Greatest(sure, [1, 2], keep: false);
        double least = place is not null && Reading.HasProbabilities ? BoxQuestion.LeastConfidence : double.MinValue;
        string isFound = writer.Node("GreaterOrEqual", [greatest, writer.Real(Math.Max(least, -3e38), type)]);
        string ofAsked = asked.Class is int index ? writer.Slice(ofAll, 2, index, index + 1) : sure;
        string best = writer.Node("ArgMax", [writer.Reshape(ofAsked, 0, -1)], ("axis", 1), ("keepdims", 0));
        if (place is not null)
        {
            isFound = writer.Node("And", [isFound, isThere]);
            best = writer.Where(isThere, best, writer.Ints(0));
        }

        string of = writer.Ints(asked.Class is null ? Reading.ClassCount : 1);
        string anchors = writer.Div(best, of);
        return (anchors, asked.Class is int one ? writer.Expand(writer.Ints(one), batch) : writer.Sub(best, writer.Mul(anchors, of)), isFound);
    }

    // Intersection over union with the place [batch, anchors]. In double, as thresholds are.
    private string Overlaps(string sides)
    {
        (double left, double top, double right, double bottom) = (place![0], place[1], place[2], place[3]);
        string wide = writer.Cast(sides, ElementTypes.Double);
        string Side(int index) => writer.Squeeze(writer.Slice(wide, 2, index, index + 1), 2);
        string Real(double value) => writer.Real(value, ElementTypes.Double);
        string Shared(int near, double from, double to) =>
            writer.Node("Max", [writer.Sub(writer.Node("Min", [Side(near + 2), Real(to)]), writer.Node("Max", [Side(near), Real(from)])), Real(0)]);
        string shared = writer.Mul(Shared(0, left, right), Shared(1, top, bottom));
        string own = writer.Mul(writer.Sub(Side(2), Side(0)), writer.Sub(Side(3), Side(1)));
        string union = writer.Sub(writer.Add(own, Real((right - left) * (bottom - top))), shared);
        return writer.Where(writer.Node("Greater", [union, Real(0)]), writer.Div(shared, union), Real(0));
    }

    // The greatest product of a box's overlap with the asked one [batch, 1, 4] and its probability, of each class.
    private string AtPlace(string sides, string box, string probabilities)
    {
        string Half(string of, int first) => writer.Slice(of, 2, first, first + 2);
        string Area(string low, string high)
        {
            string across = writer.Node("Max", [writer.Sub(high, low), writer.Real(0, type)]);
            return writer.Mul(writer.Slice(across, 2, 0, 1), writer.Slice(across, 2, 1, 2));
        }

        string shared = Area(writer.Node("Max", [Half(sides, 0), Half(box, 0)]), writer.Node("Min", [Half(sides, 2), Half(box, 2)]));
        string union = writer.Sub(writer.Add(Area(Half(sides, 0), Half(sides, 2)), Area(Half(box, 0), Half(box, 2))), shared);
        string overlap = writer.Div(shared, writer.Node("Max", [union, writer.Real(1e-12, type)]));
        string products = writer.Mul(overlap, probabilities);

        // The greatest of numbers among which one is none is none: engines pass it over.
        return writer.Add(writer.Greatest(products, [1], keep: false), writer.Sum(writer.Mul(products, writer.Real(0, type)), [1], keep: false));
    }

    // Left, top, right, bottom in pixels of the input [batch, anchors, 4].
    private string Sides(string lines)
    {
        string sides = writer.Slice(lines, 2, 0, 4);
        if (!Boxes.Corners)
        {
            (string centre, string half) = (writer.Slice(sides, 2, 0, 2), writer.Mul(writer.Slice(sides, 2, 2, 4), writer.Real(0.5, type)));
            sides = writer.Concat(2, writer.Sub(centre, half), writer.Add(centre, half));
        }

        if (!Boxes.OfOne)
        {
            return sides;
        }

        string pixels = writer.Cast(size(), type);
        (string height, string width) = (writer.Slice(pixels, 0, 0, 1), writer.Slice(pixels, 0, 1, 2));
        return writer.Mul(sides, writer.Concat(0, width, height, width, height));
    }

    // Of boxes whose numbers lie along an axis: the classes' scores, times the objectness where there is one.
    private string Scores(string lines, int axis)
    {
        string scores = writer.Slice(lines, axis, Boxes.FirstClass, Boxes.Length);
        return Boxes.HasObjectness ? writer.Mul(scores, writer.Slice(lines, axis, 4, 5)) : scores;
    }
}
