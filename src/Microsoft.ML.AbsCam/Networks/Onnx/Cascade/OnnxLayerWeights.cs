namespace Microsoft.ML.AbsCam.Networks.Onnx.Cascade;

/// <summary>What one layer learnt, by the names of the file's tensors.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Drawn">Weights and biases.</param>
/// <param name="Reset">Scales and biases of the norms behind it, with the values that they begin with.</param>
internal sealed record OnnxLayerWeights(string Name, IReadOnlyList<string> Drawn, IReadOnlyList<(string Name, float Value)> Reset);
