using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One forward pass, from whose layer on gradients can be had.</summary>
/// <param name="activation">The layer's own output [B,C,h,w].</param>
/// <param name="logits">The network's scores [B,scores]; <see cref="ImageNetwork.ScoreEvidence"/> says what they are.</param>
/// <param name="gradients">From the scores asked for [T][B] to their gradients [B,C,h,w].</param>
internal sealed class LayerPass(Tensor activation, Tensor logits, Func<IReadOnlyList<long[]>, Tensor[]> gradients)
{
    /// <summary>The layer's own output [B,C,h,w], before anything that works in place on it.</summary>
    public Tensor Activation => activation;

    /// <summary>The network's scores [B,scores]: logits, unless <see cref="ImageNetwork.ScoreEvidence"/> says otherwise.</summary>
    public Tensor Logits => logits;

    /// <summary>The gradient of one score a row, [B,C,h,w]; see <see cref="ImageNetwork.Gradients"/>.</summary>
    public Tensor[] Gradients(IReadOnlyList<long[]> classes) => gradients(classes);
}
