using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One forward pass, from whose layer on gradients can be had.</summary>
/// <param name="activation">The layer's own output [B,C,h,w].</param>
/// <param name="logits">The scores before any softmax [B,classes].</param>
/// <param name="gradients">From the classes asked for [T][B] to the gradients of their logits [B,C,h,w].</param>
internal sealed class LayerPass(Tensor activation, Tensor logits, Func<IReadOnlyList<long[]>, Tensor[]> gradients)
{
    /// <summary>The layer's own output [B,C,h,w], before anything that works in place on it.</summary>
    public Tensor Activation => activation;

    /// <summary>The scores before any softmax [B,classes].</summary>
    public Tensor Logits => logits;

    /// <summary>The gradient of the logit of one class a row, [B,C,h,w]; see <see cref="ImageNetwork.Gradients"/>.</summary>
    public Tensor[] Gradients(IReadOnlyList<long[]> classes) => gradients(classes);
}
