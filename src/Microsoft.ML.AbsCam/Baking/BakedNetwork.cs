namespace Microsoft.ML.AbsCam;

/// <summary>What was written: an ONNX file that gives its old outputs and a saliency map.</summary>
/// <param name="Method">The method.</param>
/// <param name="Layer">The feature layer.</param>
/// <param name="SaliencyOutput">The name of the output that holds the maps, float [batch, height, width] in [0,1]; NaN where a map is flat or not finite.</param>
/// <param name="ClassOutput">The name of the output that holds the class that each map explains, int64 [batch].</param>
/// <param name="TargetInput">The name of the input that takes the class to explain, int64 [batch]; null where the file chooses it.</param>
/// <param name="Opset">The operator set of the file.</param>
/// <param name="Nodes">How many nodes were added.</param>
/// <param name="BytesBefore">The size of the file that was baked.</param>
/// <param name="BytesAfter">The size of the file that was written.</param>
/// <param name="Difference">The greatest difference between a pixel of its maps and of this library's, on made-up images.</param>
/// <param name="SizeIsOpen">Whether height and width of the input are left open, as in the file that was baked.</param>
public sealed record BakedNetwork(
    string Method, string Layer, string SaliencyOutput, string ClassOutput, string? TargetInput, long Opset, int Nodes, long BytesBefore, long BytesAfter, double Difference, bool SizeIsOpen)
{
    /// <summary>
    /// The names of what the file gives besides, of a place or a likeness: the numbers that are its probabilities, float [batch, classes] (of a likeness the cosine, [batch, 1]); then the place, a box's
    /// left, top, right and bottom in pixels of the input, float [batch, 4], NaN where there is none, or a region in pixels of the output, float [batch, height, width], 1 inside; then of a
    /// contrast the class that is told from, int64 [batch]. Empty where only classes are asked about.
    /// </summary>
    public IReadOnlyList<string> FurtherOutputs { get; init; } = [];
}
