using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A small opaque copy of an image, for a page.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Picture">The encoded picture, as the text that an image's source may be.</param>
internal sealed record Thumbnail(int Width, int Height, string Picture)
{
    /// <summary>The longer side in pixels: sharp on a card, acceptable when enlarged, about 20 KB.</summary>
    public const int LongerSide = 384;

    // JPEG takes a tenth of WebP's time for a third more bytes; pictures of a few pixels are shown enlarged, pixel by pixel, and are kept exactly.
    private const int Quality = 82;
    private const int ExactSide = 128;

    public static Thumbnail Of(MLImage image, int longerSide = LongerSide)
    {
        double scale = Math.Min(1.0, (double)longerSide / Math.Max(image.Width, image.Height));
        int width = Math.Max(1, (int)Math.Round(image.Width * scale));
        int height = Math.Max(1, (int)Math.Round(image.Height * scale));
        SKColorType colorType = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using var full = SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, colorType, SKAlphaType.Premul), image.Pixels);
        GC.KeepAlive(image);

        using var small = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(small))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.Medium })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawImage(full, new SKRect(0, 0, width, height), paint);
        }

        bool isExact = Math.Max(width, height) <= ExactSide;
        using SKData data = small.Encode(isExact ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, Quality);
        return new Thumbnail(width, height, $"data:image/{(isExact ? "png" : "jpeg")};base64,{Convert.ToBase64String(data.AsSpan())}");
    }
}
