using System.Numerics;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>Pictures computed pixel by pixel, in coordinates where the shorter side is 1.</summary>
internal static class Pixels
{
    public static void Paint(SKBitmap bitmap, Func<float, float, Vector3> colourAt)
    {
        var unit = 1f / Math.Min(bitmap.Width, bitmap.Height);
        var pixels = bitmap.GetPixelSpan();
        var bytes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(pixels), pixels.Length);
        for (var y = 0; y < bitmap.Height; y++)
        {
            var line = bytes.Slice(y * bitmap.RowBytes, bitmap.Width * 4);
            for (var x = 0; x < bitmap.Width; x++)
            {
                var colour = 255 * Vector3.Clamp(colourAt((x + 0.5f) * unit, (y + 0.5f) * unit), Vector3.Zero, Vector3.One);
                line[x * 4] = (byte)(colour.X + 0.5f);
                line[(x * 4) + 1] = (byte)(colour.Y + 0.5f);
                line[(x * 4) + 2] = (byte)(colour.Z + 0.5f);
                line[(x * 4) + 3] = 255;
            }
        }
    }

    /// <summary>The way from low to high in [0,1], with soft ends.</summary>
    public static float Step(float low, float high, float value)
    {
        var t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
