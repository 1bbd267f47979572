using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Why is this region of that class, as nodes: the mean of the class's logit over the pixels that the network gives to it, as <see cref="RegionQuestion"/> asks it.</summary>
/// <param name="writer">Takes the nodes.</param>
/// <param name="question">The question.</param>
/// <param name="asked">The classes.</param>
/// <param name="type">The format's element type of the outputs.</param>
internal sealed class RegionSeed(NodeWriter writer, RegionQuestion question, AskedOfPlace asked, int type)
{
    private OutputLayout.ClassMaps Maps => question.Maps;

    private ScoreReading Reading => question.Reading;

    /// <param name="outputs">The outputs, as the network has them.</param>
    public OutputAnswer Write(string outputs)
    {
        // [batch, pixels, scores], and each pixel a row of its own.
        string pixels = Maps.ClassesLast ? writer.Reshape(outputs, 0, -1, Maps.Count) : writer.Transpose(writer.Reshape(outputs, 0, Maps.Count, -1), 0, 2, 1);
        string rows = writer.Reshape(pixels, -1, Maps.Count);
        string sizes = writer.Shape(outputs);
        string batch = writer.Node("Slice", [sizes, writer.Ints(0), writer.Ints(1)]);
        string each = writer.Concat(0, batch, writer.Ints(-1, Reading.ClassCount));
        string logits = Reading.Logits(writer, rows, type);
        string winners = writer.Reshape(writer.Node("ArgMax", [logits], ("axis", 1), ("keepdims", 0)), writer.Concat(0, batch, writer.Ints(-1)));
        string classes = asked.Class is int index ? writer.Expand(writer.Ints(index), batch) : Commonest(winners);
        string inside = writer.Cast(writer.Node("Equal", [winners, writer.Unsqueeze(classes, 1)]), type);
        string count = writer.Sum(inside, [1]);
        string shares = writer.Div(inside, writer.Node("Max", [count, writer.Real(1e-12, type)]));

        // What all classes come to over the region.
        string OverRegion(string numbers) => writer.Squeeze(writer.MatMul(writer.Unsqueeze(shares, 1), writer.Reshape(numbers, each)), 1);
        string? against = asked.WriteAgainst(writer, classes, asked.Gamma is null ? "" : OverRegion(logits), Reading.ClassCount, type);
        string OfPixels(string ofRow) => writer.Reshape(writer.Expand(writer.Unsqueeze(ofRow, 1), writer.Shape(winners)), -1);
        string gradient = asked.WriteGradient(writer, Reading, OfPixels(classes), against is null ? null : OfPixels(against), writer.Reshape(shares, -1), rows, Maps.Count, type);
        gradient = writer.Reshape(gradient, writer.Shape(pixels));
        int first = Maps.ClassesLast ? 1 : 2;
        return new OutputAnswer(Maps.ClassesLast ? gradient : writer.Transpose(gradient, 0, 2, 1), classes, OverRegion(Reading.Probabilities(writer, logits)))
        {
            Against = against,
            Place = writer.Reshape(inside, writer.Concat(0, batch, writer.Node("Slice", [sizes, writer.Ints(first), writer.Ints(first + 2)]))),
            IsFound = writer.Squeeze(writer.Node("Greater", [count, writer.Real(0, type)]), 1),
        };
    }

    // The lowest of several classes that are as common.
    private string Commonest(string winners)
    {
        long[] indices = [.. Enumerable.Range(0, Reading.ClassCount).Select(index => (long)index)];
        string isOf = writer.Node("Equal", [writer.Unsqueeze(winners, 2), writer.Ints(indices)]);
        string counts = writer.Sum(writer.Cast(isOf, ElementTypes.Float), [1], keep: false);
        if (question.Background is int nothing)
        {
            // Nothing counts for so little that any other class is more, but more than none at all.
            double[] factors = [.. indices.Select(index => index == nothing ? 1e-9 : 1)];
            counts = writer.Mul(counts, writer.Reals(factors, [1, indices.Length], ElementTypes.Float));
        }

        return writer.Node("ArgMax", [counts], ("axis", 1), ("keepdims", 0));
    }
}
