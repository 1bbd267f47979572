using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Turns and mirrors pixels as EXIF's orientation asks.</summary>
internal static class UprightPixels
{
    /// <summary>Whether the upright image is as wide as the stored one is high.</summary>
    public static bool SwapsSides(ExifOrientation orientation) => orientation >= ExifOrientation.LeftTop;

    /// <summary>Writes the stored pixels upright.</summary>
    /// <param name="orientation">Which corner of the upright image the stored one begins at, and along which side its rows run.</param>
    /// <param name="stored">The pixels as decoded.</param>
    /// <param name="upright">Overwritten; its sides swapped if <see cref="SwapsSides"/>.</param>
    public static unsafe void Apply(ExifOrientation orientation, SKBitmap stored, SKBitmap upright)
    {
        var source = MemoryMarshal.Cast<byte, int>(stored.GetPixelSpan());
        var target = new Span<int>((void*)upright.GetPixels(), source.Length);
        var (width, height) = (stored.Width, stored.Height);

        // Where the first stored pixel goes, and how far apart neighbours along a stored row and column land.
        var (right, down) = SwapsSides(orientation) ? (height - 1, (width - 1) * height) : (width - 1, (height - 1) * width);
        var (first, alongRow, alongColumn) = orientation switch
        {
            ExifOrientation.TopRight => (right, -1, width),
            ExifOrientation.BottomRight => (right + down, -1, -width),
            ExifOrientation.BottomLeft => (down, 1, -width),
            ExifOrientation.LeftTop => (0, height, 1),
            ExifOrientation.RightTop => (right, height, -1),
            ExifOrientation.RightBottom => (right + down, -height, -1),
            ExifOrientation.LeftBottom => (down, -height, 1),
            _ => (0, 1, width),
        };

        for (var y = 0; y < height; y++)
        {
            var row = source.Slice(y * width, width);
            var to = first + y * alongColumn;
            foreach (var pixel in row)
            {
                target[to] = pixel;
                to += alongRow;
            }
        }
    }
}
