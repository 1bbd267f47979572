using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class Clover : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var size = dice.Between(0.025f, 0.05f);
        var green = Colours.Hsv(dice.Between(95, 140), dice.Between(0.5f, 0.7f), dice.Between(0.35f, 0.6f));
        brush.Stroke(Paths.Bow(0, 0, size * 0.3f, size, dice.Between(-0.5f, 0.5f) * size, size * 1.8f), green.Darker(0.3f), size * 0.12f);
        for (var i = 0; i < 3; i++)
        {
            brush.At(0, 0, i * 120, 1, 1, () =>
            {
                using var heart = Paths.Smooth((0, 0), (size * 0.5f, -size * 0.45f), (size * 0.98f, -size * 0.4f), (size * 0.9f, 0), (size * 0.98f, size * 0.4f), (size * 0.5f, size * 0.45f));
                brush.Soft(heart, SKColors.Black.Faded(0.35f), size * 0.12f, keep: true);
                brush.Fill(heart, Shades.Radial(0, 0, size, green.Darker(0.25f), green, green.Lighter(0.2f)), keep: true);
                brush.Line(0, 0, size * 0.8f, 0, green.Lighter(0.4f).Faded(0.6f), size * 0.05f);
            });
        }
    }
}
