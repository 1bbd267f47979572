using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class Shell : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var size = dice.Between(0.03f, 0.06f);
        var colour = Colours.Hsv(dice.Between(5, 45), dice.Between(0.1f, 0.4f), dice.Between(0.75f, 0.98f));
        using var fan = Paths.Smooth((0, size), (-size * 0.55f, size * 0.55f), (-size, -size * 0.1f), (-size * 0.6f, -size * 0.7f), (0, -size * 0.9f), (size * 0.6f, -size * 0.7f), (size, -size * 0.1f), (size * 0.55f, size * 0.55f));
        brush.At(size * 0.1f, size * 0.16f, 0, 1, 1, () => brush.Soft(fan, SKColors.Black.Faded(0.5f), size * 0.15f, keep: true));
        brush.Fill(fan, Shades.Radial(0, size, size * 2, colour.Darker(0.35f), colour, colour.Lighter(0.3f)), keep: true);
        brush.Inside(fan, () =>
        {
            for (var i = -4; i <= 4; i++)
            {
                brush.Line(0, size, i * size * 0.34f, -size, colour.Darker(0.4f).Faded(0.6f), size * 0.05f);
            }
        });
    }
}
