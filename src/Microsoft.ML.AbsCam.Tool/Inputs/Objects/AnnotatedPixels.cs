namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>What boxes, masks and maps of a photo speak of, where its EXIF orientation turns it.</summary>
internal enum AnnotatedPixels
{
    /// <summary>Their size tells; where it cannot, they are refused.</summary>
    BySize,

    /// <summary>The pixels as the file stores them.</summary>
    Stored,

    /// <summary>The pixels as they are shown, upright.</summary>
    Upright,
}
