namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>How photos are decoded.</summary>
internal enum Decoding
{
    /// <summary>Large photos at a fraction of their size, where the format can.</summary>
    Reduced,

    /// <summary>All at their own size.</summary>
    Whole,
}

/// <summary>How small a photo may be decoded before the network's own resizing.</summary>
internal static class ReducedDecoding
{
    /// <summary>The resizing still halves what it gets, at least, so its filter does most of the work and not the codec's.</summary>
    private const int Factor = 2;

    /// <param name="preprocessing">The network's own resizing.</param>
    /// <param name="least">What else is made of the photo wants so many pixels.</param>
    /// <returns>The least shorter side, in pixels.</returns>
    public static int SizeFor(ImagePreprocessing preprocessing, int least)
    {
        int shorter = Math.Min(preprocessing.Width, preprocessing.Height);
        int longer = Math.Max(preprocessing.Width, preprocessing.Height);

        // A crop of other proportions is cut out of a photo that covers it with the same margin.
        double margin = Math.Max(8.0 / 7, (double)(preprocessing.ResizeTo ?? 0) / shorter);
        return Math.Max(Factor * (int)Math.Ceiling(longer * margin), least);
    }
}
