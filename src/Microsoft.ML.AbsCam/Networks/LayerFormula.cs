using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What a method makes of a layer and of the gradient there, told twice: so it can be made wherever these are, and one telling is tried beside the other.</summary>
/// <param name="Name">Tells it from others.</param>
/// <param name="Write">Writes it as nodes of a model file, of the layer's nodes and its shape without the batch [C,h,w], and gives the names of the results.</param>
/// <param name="Compute">The same of the layer's output and the gradient [B,C,h,w] in TorchSharp. The first axis of each result is the batch.</param>
internal sealed record LayerFormula(string Name, Func<LayerNodes, long[], string[]> Write, Func<Tensor, Tensor, Tensor[]> Compute)
{
    /// <summary>The gradient itself.</summary>
    public static LayerFormula Gradient { get; } = new("", (layer, _) => [layer.Gradient()], (_, gradient) => [gradient]);
}
