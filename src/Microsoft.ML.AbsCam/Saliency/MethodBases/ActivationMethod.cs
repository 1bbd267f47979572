using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>A method that needs one forward pass and no gradient; its map is the same for every class.</summary>
/// <remarks>As with <see cref="GradientMethod"/>, a map is made a second time, to tell it from rounding.</remarks>
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
        Tensor map = Map(activation);
        return LayerMaps.Of(Enumerable.Repeat(map, context.Targets), context.Size, Enumerable.Repeat(IsRounding(activation, map), context.Targets));
    }

    /// <summary>Whether maps [B,h,w] are what rounding left, and nothing else [B].</summary>
    private protected virtual Tensor IsRounding(Tensor activation, Tensor map) => RoundingCheck.Of(map, Map(RoundingCheck.Changed(activation, 0)));

    private Tensor Map(Tensor activation) => Combine(activation).OfShape(this, nameof(Combine), activation.shape[0], activation.shape[2], activation.shape[3]);
}
