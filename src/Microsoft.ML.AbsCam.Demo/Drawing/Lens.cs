using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>What light and camera do to the whole picture: tint, dapples, vignette, a little blur and grain.</summary>
internal static class Lens
{
    public static void Light(Brush brush, Dice dice)
    {
        var dapples = dice.Chance(0.4f) ? dice.Whole(2, 6) : 0;
        for (var i = 0; i < dapples; i++)
        {
            brush.Soft(Paths.Blob(dice, dice.Between(0, 1), dice.Between(0, 1), dice.Between(0.08f, 0.25f), 0.35f), SKColors.Black.Faded(dice.Between(0.06f, 0.2f)), 0.03f);
        }

        var (sunX, sunY) = (dice.Between(0, 1), dice.Between(-0.1f, 0.6f));
        brush.Fill(Paths.Box(0, 0, 1, 1), Shades.Radial(sunX, sunY, 1.1f, Colours.Hsv(45, 0.2f, 1).Faded(dice.Between(0.05f, 0.24f)), SKColors.White.Faded(0), SKColors.Black.Faded(dice.Between(0.02f, 0.18f))));
        brush.Fill(Paths.Box(0, 0, 1, 1), Shades.Radial(0.5f, 0.5f, 0.75f, SKColors.Black.Faded(0), SKColors.Black.Faded(0), SKColors.Black.Faded(dice.Between(0.05f, 0.28f))));
        brush.Fill(Paths.Box(0, 0, 1, 1), Colours.Hsv(dice.Pick(28f, 40f, 205f, 215f), 0.6f, 0.9f).Faded(dice.Between(0, 0.08f)));
    }

    public static void Expose(SKBitmap picture, Dice dice)
    {
        var blur = dice.Between(0, 0.0022f) * picture.Width;
        if (blur > 0.25f)
        {
            using var copy = picture.Copy();
            using var canvas = new SKCanvas(picture);
            using var filter = SKImageFilter.CreateBlur(blur, blur, SKShaderTileMode.Clamp, null, null);
            using var paint = new SKPaint { ImageFilter = filter };
            canvas.DrawBitmap(copy, 0, 0, paint);
            canvas.Flush();
        }

        var gain = dice.Between(0.92f, 1.16f);
        var grain = dice.Between(1, 7);
        var state = (uint)dice.Whole(1, int.MaxValue - 1);
        var pixels = picture.GetPixelSpan();
        var bytes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(pixels), pixels.Length);
        for (var i = 0; i < bytes.Length; i += 4)
        {
            // Xorshift: one cheap throw a pixel; two of its bytes added are bell-shaped enough for grain.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            var speck = grain * (((state & 255) + ((state >> 8) & 255)) / 255f - 1);
            for (var channel = 0; channel < 3; channel++)
            {
                bytes[i + channel] = (byte)Math.Clamp((bytes[i + channel] * gain) + speck + 0.5f, 0, 255);
            }

            bytes[i + 3] = 255;
        }
    }
}
