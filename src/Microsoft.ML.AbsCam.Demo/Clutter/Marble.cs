using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

/// <summary>A glass marble of any colour: it keeps bright colours from telling where the object is.</summary>
internal sealed class Marble : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var radius = dice.Between(0.018f, 0.04f);
        var colour = Colours.Hsv(dice.Between(0, 360), dice.Between(0.5f, 0.95f), dice.Between(0.6f, 0.95f));
        brush.Soft(Paths.Ellipse(radius * 0.25f, radius * 0.4f, radius, radius), SKColors.Black.Faded(0.5f), radius * 0.25f);
        brush.Ellipse(0, 0, radius, radius, Shades.Ball(radius * 0.25f, radius * 0.3f, radius * 1.5f, colour));
        brush.Stroke(Paths.Bow(-radius * 0.7f, radius * 0.2f, 0, -radius * 0.5f, radius * 0.65f, radius * 0.3f), SKColors.White.Faded(0.5f), radius * 0.2f);
        brush.Ellipse(-radius * 0.35f, -radius * 0.4f, radius * 0.24f, radius * 0.18f, SKColors.White.Faded(0.9f));
    }
}
