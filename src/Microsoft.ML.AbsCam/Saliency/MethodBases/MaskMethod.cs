using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// A method that masks the image with each of the layer's maps and asks the network again:
/// sum of p_k up(w_k A_k), with p_k the probability of the class on the image times norm(up(A_k)).
/// </summary>
/// <param name="name">The method's name.</param>
/// <param name="needsGradient">Whether <see cref="Weights"/> looks at the gradient; where not, none is computed.</param>
public abstract class MaskMethod(string name, bool needsGradient = true) : SaliencyMethod(name)
{
    internal sealed override MethodNeeds Needs => needsGradient ? MethodNeeds.Gradient : MethodNeeds.Activation;

    internal override bool NeedsProbability => Reading != MaskReading.PerChannelLogit;

    internal override bool NeedsLogit => Reading == MaskReading.PerChannelLogit;

    internal override bool StopsEarly => Reading == MaskReading.Weighted;

    private protected virtual MaskReading Reading => MaskReading.Weighted;

    /// <summary>The weight w_k of each map before it is scored, at least 0. A map of weight 0 is not run.</summary>
    /// <param name="activation">The layer's output A [B,C,h,w].</param>
    /// <param name="gradient">The gradient of the class's logit with respect to it [B,C,h,w]; zeros for a method that needs none.</param>
    /// <returns>The weights [B,C].</returns>
    protected internal abstract Tensor Weights(Tensor activation, Tensor gradient);

    /// <summary>The same weights [B,C,1,1] as nodes of a model file; null where nobody has told how.</summary>
    internal virtual Func<MapNodes, string>? WeightNodes => null;

    internal sealed override Func<MapNodes, WrittenMap>? Nodes => WeightNodes is { } weights ? map => ChannelMasks.Write(map, weights(map), Reading) : null;

    internal sealed override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        IEnumerable<Tensor> weights = context.GradientsOrZeros(needsGradient)
            .Select(gradient => Weights(activation, gradient).OfShape(this, nameof(Weights), activation.shape[0], activation.shape[1]));
        return ChannelMasks.Run(context, stack(weights, 1), Reading);
    }
}
