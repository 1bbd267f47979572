using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>On a boat's hull.</summary>
internal sealed class Lifebuoy : TwinPart
{
    public override string Name => "lifebuoy";

    public override void Draw(Brush brush)
    {
        using var ring = Paths.Ellipse(0.08f, 0.68f, 0.17f, 0.17f);
        brush.Stroke(ring, SKColors.Black.Faded(0.5f), 0.15f, keep: true);
        brush.Stroke(ring, SKColors.White, 0.11f, keep: true);
        foreach (var degrees in (ReadOnlySpan<float>)[20, 110, 200, 290])
        {
            brush.At(0.08f, 0.68f, degrees, 1, 1, () => brush.Line(0.155f, 0, 0.185f, 0, Colours.Hsv(4, 0.9f, 0.9f), 0.12f));
        }
    }
}
