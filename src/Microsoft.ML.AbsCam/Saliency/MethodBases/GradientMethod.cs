using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>A method that needs one forward pass and the gradient at the layer.</summary>
/// <remarks>
/// A map is made twice, the second time of numbers that are changed in their fifth digit: one that changes by much is made of rounding, and its row gets
/// <see cref="MapStatus.Rounding"/>. So equal numbers must give equal maps.
/// </remarks>
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
        Tensor[] maps = [.. context.Gradients.Select(gradient => Map(activation, gradient))];
        return LayerMaps.Of(maps, context.Size, maps.Zip(context.Gradients, (map, gradient) => IsRounding(activation, gradient, map)));
    }

    /// <summary>Whether maps [B,h,w] are what rounding left, and nothing else [B]; for methods that no nodes are told of.</summary>
    private protected virtual Tensor IsRounding(Tensor activation, Tensor gradient, Tensor map)
        => RoundingCheck.Of(map, Map(RoundingCheck.Changed(activation, 0), RoundingCheck.Changed(gradient, 1)));

    private Tensor Map(Tensor activation, Tensor gradient)
        => Combine(activation, gradient).OfShape(this, nameof(Combine), activation.shape[0], activation.shape[2], activation.shape[3]);
}
