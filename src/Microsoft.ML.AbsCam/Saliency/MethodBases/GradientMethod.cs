using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>A method that needs one forward pass and the gradient at the layer.</summary>
/// <param name="name">The method's name.</param>
public abstract class GradientMethod(string name) : SaliencyMethod(name)
{
    internal sealed override MethodNeeds Needs => MethodNeeds.Gradient;

    /// <summary>Combines the layer's maps into one, before relu, enlargement and normalisation.</summary>
    /// <param name="activation">The layer's output A [B,C,h,w].</param>
    /// <param name="gradient">The gradient g of the class's logit with respect to it [B,C,h,w].</param>
    /// <returns>The maps [B,h,w].</returns>
    protected internal abstract Tensor Combine(Tensor activation, Tensor gradient);

    internal sealed override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        (long b, long h, long w) = (activation.shape[0], activation.shape[2], activation.shape[3]);
        return LayerMaps.Of(context.Gradients.Select(gradient => Combine(activation, gradient).OfShape(this, nameof(Combine), b, h, w)), context.Size);
    }
}
