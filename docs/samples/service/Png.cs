using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>ML.NET writes images to files only; the service wants bytes.</summary>
internal static class Png
{
    private const int Quality = 100;

    public static byte[] Encode(MLImage image)
    {
        SKColorType order = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using SKImage picture = SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, order, SKAlphaType.Premul), image.Pixels);
        GC.KeepAlive(image);
        using SKData png = picture.Encode(SKEncodedImageFormat.Png, Quality);
        return png.ToArray();
    }
}
