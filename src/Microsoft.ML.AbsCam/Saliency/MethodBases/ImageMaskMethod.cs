using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// A method that masks the image with masks of its own and asks the network again: the sum of a_i M_i, with a_i a weight that
/// comes of the probability of the class on the image times M_i. It needs no layer.
/// </summary>
/// <remarks>Masks are made a pass at a time and not kept. All images share them, so an image has the same map in every batch.</remarks>
/// <param name="name">The method's name.</param>
public abstract class ImageMaskMethod(string name) : SaliencyMethod(name)
{
    internal override bool NeedsProbability => true;

    internal sealed override MethodNeeds Needs => MethodNeeds.Image;

    /// <summary>How many masks there are for images of that size.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    protected internal abstract int Count(long height, long width);

    /// <summary>Makes some of the masks; the same ones for the same arguments.</summary>
    /// <param name="first">The first to make, from 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <returns>The masks [count,height,width]; 0 shows nothing of the image, 1 all.</returns>
    protected internal abstract Tensor Masks(int first, int count, long height, long width);

    /// <summary>The weight of a mask. Default: the probability of the class on the masked image.</summary>
    /// <param name="probability">That probability.</param>
    protected internal virtual float Weight(float probability) => probability;

    internal sealed override LayerMaps Run(MethodContext context) => ImageMasks.Run(
        context,
        Count(context.Size.Height, context.Size.Width),
        (first, count) => Masks(first, count, context.Size.Height, context.Size.Width).OfShape(this, nameof(Masks), count, context.Size.Height, context.Size.Width),
        Weight);
}
