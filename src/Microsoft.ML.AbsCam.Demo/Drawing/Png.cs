using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>Pixels and masks as bitmaps and as files.</summary>
internal static class Png
{
    public static SKBitmap ToBitmap(byte[] rgba, int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        return bitmap;
    }

    public static byte[] Encode(byte[] rgba, int width, int height)
    {
        using var bitmap = ToBitmap(rgba, width, height);
        return Encode(bitmap);
    }

    /// <summary>White where the mask is set, black elsewhere.</summary>
    public static byte[] Encode(bool[] mask, int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        Marshal.Copy(Array.ConvertAll(mask, isObject => isObject ? byte.MaxValue : byte.MinValue), 0, bitmap.GetPixels(), mask.Length);
        return Encode(bitmap);
    }

    private static byte[] Encode(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
