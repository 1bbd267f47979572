using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>On a duck's head.</summary>
internal sealed class PartyHat : TwinPart
{
    public override string Name => "hat";

    public override void Draw(Brush brush)
    {
        using var cone = Paths.Polygon((0.02f, -0.74f), (0.54f, -0.74f), (0.3f, -1.14f));
        brush.Fill(cone, Shades.Linear(0.05f, 0, 0.5f, 0, Colours.Hsv(320, 0.6f, 1), Colours.Hsv(320, 0.85f, 0.85f), Colours.Hsv(320, 0.9f, 0.5f)), keep: true);
        brush.Inside(cone, () =>
        {
            brush.Line(0, -0.78f, 0.6f, -0.88f, SKColors.White, 0.06f);
            brush.Line(0.1f, -0.94f, 0.5f, -1.02f, SKColors.White, 0.05f);
        });
        brush.Ellipse(0.3f, -1.13f, 0.07f, 0.07f, Colours.Hsv(50, 0.8f, 1));
    }
}
