using Microsoft.ML.AbsCam.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// The gradient of each target's logit at the layer. Rows do not touch each other, so the sum of the rows' logits has every
/// row's own gradient.
/// </summary>
internal static class LayerGradients
{
    /// <returns>[B,C,h,w] a target.</returns>
    public static Tensor[] Of(string layer, LayerPass pass, ScoredBatch scored)
    {
        using var grad = enable_grad();
        var gradients = new Tensor[scored.TargetsPerRow];
        for (int t = 0; t < gradients.Length; t++)
        {
            long[] classes = Enumerable.Range(0, scored.Rows).Select(row => (long)scored.SafeTargets[(row * gradients.Length) + t]).ToArray();
            Tensor y = pass.Logits.gather(1, tensor(classes).to(pass.Logits.device).unsqueeze(1)).sum();
            if (!y.requires_grad)
            {
                // libtorch would end the process over this.
                throw new InvalidOperationException($"The scores do not depend on the layer '{layer}', so there is nothing to explain in it. Name a layer that the scores are computed from.");
            }

            gradients[t] = autograd.grad([y], [pass.Activation], retain_graph: t + 1 < gradients.Length)[0];
        }

        return gradients;
    }
}
