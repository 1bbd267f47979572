namespace Microsoft.ML.AbsCam;

/// <summary>
/// How stored pixels lie in the upright image, with EXIF's numbers and words: which side of the upright image the first stored row is, and
/// which the first stored column.
/// </summary>
public enum ExifOrientation
{
    /// <summary>Stored as shown.</summary>
    TopLeft = 1,

    /// <summary>Mirrored left to right.</summary>
    TopRight = 2,

    /// <summary>Turned by half a turn.</summary>
    BottomRight = 3,

    /// <summary>Mirrored top to bottom.</summary>
    BottomLeft = 4,

    /// <summary>Rows and columns swapped.</summary>
    LeftTop = 5,

    /// <summary>To be turned by a quarter clockwise.</summary>
    RightTop = 6,

    /// <summary>Rows and columns swapped, and half a turn.</summary>
    RightBottom = 7,

    /// <summary>To be turned by a quarter anticlockwise.</summary>
    LeftBottom = 8,
}
