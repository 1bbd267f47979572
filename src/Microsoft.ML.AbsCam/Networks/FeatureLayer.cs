namespace Microsoft.ML.AbsCam;

/// <summary>A layer of a network whose output can be explained: activation maps with a height and a width.</summary>
/// <param name="Name">The name to ask for it by: in an ONNX network the name of the value, in a TorchSharp module the path of the module.</param>
/// <param name="Operator">What computes it, for example <c>Relu</c> or <c>Concat</c>.</param>
/// <param name="Channels">How many activation maps it has.</param>
/// <param name="Height">Rows of one map at the network's input size.</param>
/// <param name="Width">Columns of one map at the network's input size.</param>
/// <param name="IsDefault">Whether it is the one taken when nobody names a layer.</param>
/// <param name="Verdict">One sentence: why it is the pick, or why it is not.</param>
public sealed record FeatureLayer(string Name, string Operator, int Channels, int Height, int Width, bool IsDefault, string Verdict);
