using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One forward pass whose graph, where one is asked for, begins at the feature layer.</summary>
/// <param name="Activation">The layer's own output [B,C,h,w]: with a graph, a leaf that requires a gradient.</param>
/// <param name="Logits">The scores before any softmax [B,classes], with a graph connected to <paramref name="Activation"/>.</param>
internal readonly record struct LayerPass(Tensor Activation, Tensor Logits);
