using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>A method that needs one forward pass and no gradient; its map is the same for every class.</summary>
/// <param name="name">The method's name.</param>
public abstract class ActivationMethod(string name) : SaliencyMethod(name)
{
    internal sealed override MethodNeeds Needs => MethodNeeds.Activation;

    /// <summary>Combines the layer's maps into one, before relu, enlargement and normalisation.</summary>
    /// <param name="activation">The layer's output A [B,C,h,w].</param>
    /// <returns>The maps [B,h,w].</returns>
    protected internal abstract Tensor Combine(Tensor activation);

    internal sealed override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        Tensor map = Combine(activation).OfShape(this, nameof(Combine), activation.shape[0], activation.shape[2], activation.shape[3]);
        return LayerMaps.Of(Enumerable.Repeat(map, context.Targets), context.Size);
    }
}
