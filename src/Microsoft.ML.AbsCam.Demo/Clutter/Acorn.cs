using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class Acorn : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var size = dice.Between(0.025f, 0.042f);
        var nut = Colours.Hsv(dice.Between(22, 38), dice.Between(0.55f, 0.8f), dice.Between(0.5f, 0.8f));
        brush.Soft(Paths.Ellipse(size * 0.15f, size * 0.25f, size * 0.7f, size), SKColors.Black.Faded(0.5f), size * 0.2f);
        brush.Fill(Paths.Smooth((-size * 0.6f, -size * 0.2f), (-size * 0.5f, size * 0.5f), (0, size * 1.05f), (size * 0.5f, size * 0.5f), (size * 0.6f, -size * 0.2f)), Shades.Ball(-size * 0.25f, 0, size * 1.2f, nut));
        brush.Ellipse(0, -size * 0.35f, size * 0.72f, size * 0.45f, Shades.Ball(-size * 0.3f, -size * 0.6f, size * 1.2f, nut.Darker(0.4f)));
        brush.Line(0, -size * 0.75f, size * 0.1f, -size * 1.05f, nut.Darker(0.6f), size * 0.16f);
    }
}
