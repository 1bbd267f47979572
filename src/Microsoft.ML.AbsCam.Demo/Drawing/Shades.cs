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
    public static SKShader Ball(float x, float y, float radius, SKColor colour, float contrast = 1) =>
        Radial(x, y, radius, colour.Lighter(0.45f * contrast), colour.Lighter(0.12f * contrast), colour, colour.Darker(0.22f * contrast), colour.Darker(0.45f * contrast));
}
