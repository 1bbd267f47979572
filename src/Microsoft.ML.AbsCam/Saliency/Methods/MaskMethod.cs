using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// A method that masks the image with each of the layer's maps and asks the network again:
/// sum of p_k up(w_k A_k), with p_k the probability of the class on the image times norm(up(A_k)).
/// </summary>
/// <param name="name">The method's name.</param>
public abstract class MaskMethod(string name) : SaliencyMethod(name)
{
    /// <summary>The weight w_k of each map before it is scored, at least 0. A map of weight 0 is not run.</summary>
    /// <param name="activation">The layer's output A [B,C,h,w].</param>
    /// <param name="gradient">The gradient of the class's logit with respect to it [B,C,h,w].</param>
    /// <returns>The weights [B,C].</returns>
    protected internal abstract Tensor Weights(Tensor activation, Tensor gradient);
}
