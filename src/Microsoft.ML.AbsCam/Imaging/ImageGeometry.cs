namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>
/// Where a photo's pixels lie in the network's input. Coordinates are continuous: pixel i covers [i, i + 1) and its centre is i + 0.5,
/// in the photo as in the input, so the map is a scale and an offset a axis, exactly those of the resizer.
/// </summary>
internal sealed class ImageGeometry
{
    private ImageGeometry(int photoWidth, int photoHeight, ImagePreprocessing preprocessing, long resizedWidth, long resizedHeight, long offsetX, long offsetY)
    {
        PhotoWidth = photoWidth;
        PhotoHeight = photoHeight;
        InputWidth = preprocessing.Width;
        InputHeight = preprocessing.Height;
        ResizedWidth = resizedWidth;
        ResizedHeight = resizedHeight;
        OffsetX = offsetX;
        OffsetY = offsetY;

        var (left, top) = ToPhoto(0, 0);
        var (right, bottom) = ToPhoto(InputWidth, InputHeight);
        Seen = new PhotoRegion(Math.Max(left, 0), Math.Max(top, 0), Math.Min(right, photoWidth), Math.Min(bottom, photoHeight));
    }

    public int PhotoWidth { get; }

    public int PhotoHeight { get; }

    public int InputWidth { get; }

    public int InputHeight { get; }

    /// <summary>Width of the whole photo after resizing, before the crop or the padding.</summary>
    public long ResizedWidth { get; }

    /// <summary>Height of the whole photo after resizing, before the crop or the padding.</summary>
    public long ResizedHeight { get; }

    /// <summary>Columns of the resized photo left of the input (crop), or minus the empty columns left of the photo (padding).</summary>
    public long OffsetX { get; }

    /// <summary>Rows of the resized photo above the input (crop), or minus the empty rows above the photo (padding).</summary>
    public long OffsetY { get; }

    /// <summary>The part of the photo that the network saw.</summary>
    public PhotoRegion Seen { get; }

    /// <summary>The geometry of a photo under a (validated) preprocessing.</summary>
    public static ImageGeometry For(int photoWidth, int photoHeight, ImagePreprocessing preprocessing)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(photoWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(photoHeight);
        return preprocessing.Resize switch
        {
            ResizeRule.Squash => new(photoWidth, photoHeight, preprocessing, preprocessing.Width, preprocessing.Height, 0, 0),
            ResizeRule.Pad => Pad(photoWidth, photoHeight, preprocessing),
            _ => CenterCrop(photoWidth, photoHeight, preprocessing),
        };
    }

    public (double X, double Y) ToInput(double photoX, double photoY) =>
        (photoX * ResizedWidth / PhotoWidth - OffsetX, photoY * ResizedHeight / PhotoHeight - OffsetY);

    public (double X, double Y) ToPhoto(double inputX, double inputY) =>
        ((inputX + OffsetX) * PhotoWidth / ResizedWidth, (inputY + OffsetY) * PhotoHeight / ResizedHeight);

    private static ImageGeometry CenterCrop(int photoWidth, int photoHeight, ImagePreprocessing p)
    {
        // A square input gives torchvision's Resize(ShorterSide): the shorter side exactly, the longer one truncated.
        // Another input keeps that margin on both sides and covers the box without leaving a gap.
        var side = Math.Min(p.Width, p.Height);
        var boxWidth = (long)Math.Round((double)p.Width * p.ShorterSide / side);
        var boxHeight = (long)Math.Round((double)p.Height * p.ShorterSide / side);
        var widthLimits = boxWidth * photoHeight >= boxHeight * photoWidth;
        var width = widthLimits ? boxWidth : boxHeight * photoWidth / photoHeight;
        var height = widthLimits ? boxWidth * photoHeight / photoWidth : boxHeight;
        return new(photoWidth, photoHeight, p, width, height, CropOffset(width, p.Width), CropOffset(height, p.Height));
    }

    private static ImageGeometry Pad(int photoWidth, int photoHeight, ImagePreprocessing p)
    {
        var widthLimits = (long)p.Width * photoHeight <= (long)p.Height * photoWidth;
        var width = widthLimits ? p.Width : Math.Max(1, (long)Math.Round((double)p.Height * photoWidth / photoHeight));
        var height = widthLimits ? Math.Max(1, (long)Math.Round((double)p.Width * photoHeight / photoWidth)) : p.Height;
        return new(photoWidth, photoHeight, p, width, height, -((p.Width - width) / 2), -((p.Height - height) / 2));
    }

    // torchvision's center_crop: int(round((resized - crop) / 2)), and Python rounds halves to even, as Math.Round does.
    private static long CropOffset(long resized, int crop) => (long)Math.Round((resized - crop) / 2.0);
}
