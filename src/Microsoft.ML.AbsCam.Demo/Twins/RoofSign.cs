using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>On a car, as taxis have it.</summary>
internal sealed class RoofSign : TwinPart
{
    public override string Name => "roof sign";

    public override void Draw(Brush brush)
    {
        brush.Fill(Paths.Box(-0.4f, -0.78f, 0.08f, -0.48f, 0.05f), Shades.Linear(0, -0.78f, 0, -0.48f, Colours.Hsv(50, 0.5f, 1), Colours.Hsv(46, 0.95f, 1), Colours.Hsv(40, 1, 0.8f)));
        for (var i = 0; i < 6; i++)
        {
            var (left, top) = (-0.36f + (i * 0.07f), i % 2 == 0 ? -0.7f : -0.63f);
            brush.Fill(Paths.Box(left, top, left + 0.07f, top + 0.07f), SKColors.Black);
        }
    }
}
