using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A small opaque copy of an image, encoded for a page.</summary>
internal sealed record Thumbnail(int Width, int Height, string Base64)
{
    /// <summary>The longer side in pixels: sharp on a card, acceptable when enlarged, about 15 KB.</summary>
    public const int LongerSide = 384;

    private const int Quality = 78;

    public static Thumbnail Of(MLImage image, int longerSide = LongerSide)
    {
        var scale = Math.Min(1.0, (double)longerSide / Math.Max(image.Width, image.Height));
        var width = Math.Max(1, (int)Math.Round(image.Width * scale));
        var height = Math.Max(1, (int)Math.Round(image.Height * scale));
        var colorType = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using var full = SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, colorType, SKAlphaType.Premul), image.Pixels);
        GC.KeepAlive(image);

        using var small = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(small))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.Medium })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawImage(full, new SKRect(0, 0, width, height), paint);
        }

        using var data = small.Encode(SKEncodedImageFormat.Webp, Quality);
        return new Thumbnail(width, height, Convert.ToBase64String(data.AsSpan()));
    }
}
