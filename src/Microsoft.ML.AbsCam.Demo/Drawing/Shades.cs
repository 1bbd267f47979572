using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>Gradients, with evenly spaced colours.</summary>
internal static class Shades
{
    public static SKShader Linear(float x0, float y0, float x1, float y1, params SKColor[] colours) =>
        SKShader.CreateLinearGradient(new SKPoint(x0, y0), new SKPoint(x1, y1), colours, SKShaderTileMode.Clamp);

    public static SKShader Radial(float x, float y, float radius, params SKColor[] colours) =>
        SKShader.CreateRadialGradient(new SKPoint(x, y), radius, colours, SKShaderTileMode.Clamp);

    /// <summary>A round body under a lamp at (x, y): bright there, its own colour around, dark at the far rim.</summary>
    public static SKShader Ball(float x, float y, float radius, SKColor colour) =>
        Radial(x, y, radius, colour.Lighter(0.45f), colour.Lighter(0.12f), colour, Shaded(colour, 0.22f), Shaded(colour, 0.45f));

    // Yellow mixed with black is olive; in shade it looks like amber.
    private static SKColor Shaded(SKColor colour, float share)
    {
        colour.ToHsv(out var hue, out var saturation, out var value);
        var yellow = Math.Max(0, 1 - (Math.Abs(hue - 52) / 18));
        return Colours.Hsv(hue - (34 * share * yellow), (saturation / 100) + (0.2f * share * yellow), value / 100 * (1 - (share * (1 - (0.45f * yellow)))));
    }
}
