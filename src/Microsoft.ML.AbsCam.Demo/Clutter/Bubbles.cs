using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class Bubbles : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var count = dice.Whole(2, 6);
        for (var i = 0; i < count; i++)
        {
            var (x, y, radius) = (dice.Between(-0.06f, 0.06f), dice.Between(-0.06f, 0.06f), dice.Between(0.005f, 0.02f));
            brush.Ellipse(x, y, radius, radius, Shades.Radial(x, y, radius, SKColors.White.Faded(0.05f), SKColors.White.Faded(0.12f), SKColors.White.Faded(0.65f)));
            brush.Ellipse(x - (radius * 0.35f), y - (radius * 0.35f), radius * 0.22f, radius * 0.22f, SKColors.White.Faded(0.9f));
        }
    }
}
