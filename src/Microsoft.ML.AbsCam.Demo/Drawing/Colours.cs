using System.Numerics;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

internal static class Colours
{
    /// <summary>Hue in degrees (any value), saturation and brightness in [0,1].</summary>
    public static SKColor Hsv(float hue, float saturation, float value) =>
        SKColor.FromHsv(((hue % 360) + 360) % 360, Math.Clamp(saturation, 0, 1) * 100, Math.Clamp(value, 0, 1) * 100);

    public static SKColor Mix(SKColor from, SKColor to, float share)
    {
        share = Math.Clamp(share, 0, 1);
        byte Channel(byte a, byte b) => (byte)MathF.Round(a + ((b - a) * share));
        return new SKColor(Channel(from.Red, to.Red), Channel(from.Green, to.Green), Channel(from.Blue, to.Blue), Channel(from.Alpha, to.Alpha));
    }

    public static SKColor Lighter(this SKColor colour, float share) => Mix(colour, SKColors.White.WithAlpha(colour.Alpha), share);

    public static SKColor Darker(this SKColor colour, float share) => Mix(colour, SKColors.Black.WithAlpha(colour.Alpha), share);

    public static SKColor Faded(this SKColor colour, float opacity) => colour.WithAlpha((byte)MathF.Round(255 * Math.Clamp(opacity, 0, 1)));

    public static Vector3 ToVector(this SKColor colour) => new Vector3(colour.Red, colour.Green, colour.Blue) / 255;
}
