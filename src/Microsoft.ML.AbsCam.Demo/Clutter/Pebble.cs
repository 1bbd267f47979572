using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class Pebble : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var radius = dice.Between(0.016f, 0.055f);
        var colour = Colours.Hsv(dice.Between(0, 360), dice.Between(0.03f, 0.25f), dice.Between(0.3f, 0.85f));
        using var outline = Paths.Blob(dice, 0, 0, radius, 0.16f);
        brush.At(radius * 0.15f, radius * 0.25f, 0, 1, 1, () => brush.Soft(outline, SKColors.Black.Faded(0.55f), radius * 0.18f, keep: true));
        brush.Fill(outline, Shades.Ball(-radius * 0.3f, -radius * 0.4f, radius * 1.6f, colour), keep: true);
        brush.Inside(outline, () =>
        {
            for (var i = 0; i < 7; i++)
            {
                var speck = radius * dice.Between(0.03f, 0.1f);
                brush.Ellipse(dice.Between(-radius, radius), dice.Between(-radius, radius), speck, speck, colour.Darker(0.5f).Faded(0.4f));
            }
        });
    }
}
