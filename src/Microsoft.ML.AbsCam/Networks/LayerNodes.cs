using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What a method looks at, as values of a model file.</summary>
/// <param name="Write">Takes what is written of them.</param>
/// <param name="Scores">The scores [batch, classes].</param>
/// <param name="Activation">The layer's value A [batch, channels, height, width].</param>
/// <param name="Gradient">The gradient g with respect to it, of the same shape.</param>
/// <param name="Type">The format's element type of them.</param>
internal sealed record LayerNodes(NodeWriter Write, string Scores, string Activation, string Gradient, int Type);
