using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Saliency.Blurs;

namespace Microsoft.ML.AbsCam;

/// <summary>What stands in the place of pixels that the network is not to see, made from the image as the network takes it.</summary>
public abstract record ImageSubstrate
{
    private protected ImageSubstrate()
    {
    }

    /// <summary>0 everywhere: the mean colour of the network's preprocessing.</summary>
    public static ImageSubstrate Mean { get; } = new MeanSubstrate();

    /// <summary>
    /// The blur in RISE's public code: 11 x 11 around each pixel, black (the mean colour) beyond the border. Its kernel is a point
    /// spread by a Gaussian of sigma 5 inside that very window, off whose borders it reflects, so it is almost flat: centre to corner 1.14.
    /// </summary>
    public static ImageSubstrate RiseBlur { get; } = new BlurSubstrate("RISE's blur of 11 x 11", Reflects: false, BlurKernels.SpreadPoint(11, 5));

    /// <summary>A Gaussian blur whose window reflects off the image's border.</summary>
    /// <param name="size">The window's side in pixels, odd.</param>
    /// <param name="sigma">The standard deviation in pixels, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not odd, or sigma not positive and finite.</exception>
    public static ImageSubstrate Blur(int size, double sigma)
    {
        if (size < 1 || size % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "A blur's window has an odd number of pixels a side, so that it has a centre.");
        }

        if (!(sigma > 0) || !double.IsFinite(sigma))
        {
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "A blur's standard deviation is a positive number of pixels.");
        }

        return new BlurSubstrate(FormattableString.Invariant($"a blur of {size} x {size}, sigma {sigma}"), Reflects: true, BlurKernels.Gaussian(size, sigma));
    }

    /// <summary>What it is, in words.</summary>
    public abstract override string ToString();

    /// <param name="image">[C,H,W].</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="substrate">[C,H,W], overwritten.</param>
    internal abstract void Fill(ReadOnlySpan<float> image, int height, int width, Span<float> substrate);
}
