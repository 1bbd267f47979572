using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// A method that makes masks of its own from the layer's maps, a set for each class: relu(sum of a_l m_l), with m_l = norm(up(mask l))
/// and a_l a weight that comes of the probability of the class on the image times m_l plus a background times 1 - m_l.
/// </summary>
/// <param name="name">The method's name.</param>
/// <param name="needsGradient">Whether <see cref="Masks"/> looks at the gradient; where not, none is computed.</param>
public abstract class TargetMaskMethod(string name, bool needsGradient = true) : SaliencyMethod(name)
{
    internal override bool NeedsProbability => true;

    internal sealed override MethodNeeds Needs => needsGradient ? MethodNeeds.Gradient : MethodNeeds.Activation;

    /// <summary>The masks before they are enlarged and normalised. Flat ones are not run.</summary>
    /// <param name="activation">The layer's output A [B,C,h,w].</param>
    /// <param name="gradient">The gradient of the class's logit with respect to it [B,C,h,w]; zeros for a method that needs none.</param>
    /// <returns>The masks [B,G,h,w], of any number G that is the same for every class.</returns>
    protected internal abstract Tensor Masks(Tensor activation, Tensor gradient);

    /// <summary>What shows where a mask is 0. Default: null, zeros, the mean colour.</summary>
    /// <param name="images">The network's inputs X [B,C,H,W].</param>
    /// <returns>Images [B,C,H,W], which take one forward pass each; or null.</returns>
    protected internal virtual Tensor? Background(Tensor images) => null;

    /// <summary>The weight of a mask. Default: its probability less the background's.</summary>
    /// <param name="probability">The probability of the class on the masked image.</param>
    /// <param name="background">That on the background; 0 where there is none.</param>
    protected internal virtual float Weight(float probability, float background) => probability - background;

    internal sealed override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        Tensor[] masks = [.. context.GradientsOrZeros(needsGradient).Select(gradient => Masks(activation, gradient))];
        foreach (Tensor mask in masks)
        {
            mask.OfShape(this, nameof(Masks), activation.shape[0], masks[0].shape.ElementAtOrDefault(1), activation.shape[2], activation.shape[3]);
        }

        Tensor? background = Background(context.Input)?.OfShape(this, nameof(Background), context.Input.shape);
        LayerMaps maps = TargetMasks.Run(context, stack(masks, 1).to(ScalarType.Float32), background, Weight);
        return context.GradientsOrZeros(needsGradient).Select(IsRounding).ToArray() is [Tensor, ..] isRounding && isRounding.All(one => one is not null)
            ? maps with { Fault = LayerMaps.FaultOf(stack(isRounding!, 1), MapStatus.Rounding) }
            : maps;
    }

    /// <summary>Whether masks are what rounding left of the gradient, and nothing else [B]; null for a method that cannot tell.</summary>
    private protected virtual Tensor? IsRounding(Tensor gradient) => null;
}
