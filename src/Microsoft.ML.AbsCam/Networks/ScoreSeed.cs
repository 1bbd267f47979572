using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One score a row in the sum whose gradient is taken, as values of a model file.</summary>
/// <param name="Classes">The index of the score of each row, int64 [batch].</param>
/// <param name="Weights">What it counts [batch].</param>
internal readonly record struct ScoreSeed(string Classes, string Weights)
{
    /// <summary>The weights of all scores [batch, scores]: zeros but for one a row.</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="scores">How many scores a row has.</param>
    /// <param name="type">The format's element type of the weights.</param>
    public string OfAll(NodeWriter writer, int scores, int type) =>
        writer.Where(IsClass(writer, Classes, scores), writer.Unsqueeze(Weights, 1), writer.Real(0, type));

    /// <summary>Which of all scores are those of the classes [batch, scores].</summary>
    public static string IsClass(NodeWriter writer, string classes, int scores)
    {
        long[] numbers = [.. Enumerable.Range(0, scores).Select(index => (long)index)];
        return writer.Node("Equal", [writer.Unsqueeze(classes, 1), writer.Ints(numbers)]);
    }
}
