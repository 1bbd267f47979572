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
    /// <summary>
    /// The resizing still halves what it gets, at least, so its filter does most of the work and not the codec's; and a page's picture is no
    /// larger.
    /// </summary>
    private const int Factor = 2;

    /// <returns>The least shorter side, in pixels.</returns>
    public static int SizeFor(ImagePreprocessing preprocessing)
        => Math.Max(Factor * Math.Max(preprocessing.ResizeTo ?? 0, Math.Max(preprocessing.Width, preprocessing.Height) * 8 / 7), Report.Thumbnail.LongerSide);
}
