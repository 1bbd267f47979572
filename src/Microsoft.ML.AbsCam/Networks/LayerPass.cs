using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One forward pass whose graph begins at the feature layer.</summary>
/// <param name="Activation">The layer's own output [B,C,h,w]: a leaf that requires a gradient.</param>
/// <param name="Logits">The scores before any softmax [B,classes], connected to <paramref name="Activation"/>.</param>
internal readonly record struct LayerPass(Tensor Activation, Tensor Logits);
