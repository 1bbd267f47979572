using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What a method looks at, as values of a model file.</summary>
/// <param name="Write">Takes what is written of them.</param>
/// <param name="Scores">The scores [batch, classes].</param>
/// <param name="Activation">The layer's value A [batch, channels, height, width].</param>
/// <param name="Gradient">Writes the gradient g with respect to it, and gives its name; it has the same shape.</param>
/// <param name="Type">The format's element type of them.</param>
internal sealed record LayerNodes(NodeWriter Write, string Scores, string Activation, Func<string> Gradient, int Type)
{
    /// <summary>The network's own value that holds the scores, laid out as it has them.</summary>
    public required string RawScores { get; init; }

    /// <summary>The network's own value at the layer.</summary>
    public required string Layer { get; init; }

    /// <summary>Along which axis of it the channels lie, and how many there are; null where it holds more than places.</summary>
    public required (int Axis, long Count, int Rank)? Channels { get; init; }
}
