using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>A method that looks at the image and never at the network, such as a baseline; its map is the same for every class.</summary>
/// <param name="name">The method's name.</param>
public abstract class ImageMethod(string name) : SaliencyMethod(name)
{
    internal sealed override MethodNeeds Needs => MethodNeeds.Image;

    /// <summary>Makes the maps before relu and normalisation. A map must depend on its own image alone.</summary>
    /// <param name="images">The network's inputs X [B,C,H,W].</param>
    /// <returns>The maps [B,H,W].</returns>
    protected internal abstract Tensor Map(Tensor images);

    internal sealed override LayerMaps Run(MethodContext context)
    {
        Tensor map = Map(context.Input).OfShape(this, nameof(Map), context.Rows, context.Size.Height, context.Size.Width);
        return LayerMaps.Of(Enumerable.Repeat(map.to(context.Input.device), context.Targets), context.Size);
    }
}
