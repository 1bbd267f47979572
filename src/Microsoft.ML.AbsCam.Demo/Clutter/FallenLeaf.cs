using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class FallenLeaf : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var length = dice.Between(0.07f, 0.16f);
        var colour = Colours.Hsv(dice.Between(8, 110), dice.Between(0.5f, 0.85f), dice.Between(0.4f, 0.85f));
        DrawLeaf(brush, length, length * dice.Between(0.35f, 0.65f), colour);
    }

    public static void DrawLeaf(Brush brush, float length, float width, SKColor colour)
    {
        using var outline = Paths.Leaf(length, width);
        brush.At(0.006f, 0.009f, 0, 1, 1, () => brush.Fill(outline, SKColors.Black.Faded(0.35f), keep: true));
        brush.Fill(outline, Shades.Linear(0, -width / 2, 0, width / 2, colour.Lighter(0.22f), colour, colour.Darker(0.3f)), keep: true);
        brush.Inside(outline, () =>
        {
            for (var x = 0.15f; x < 0.85f; x += 0.17f)
            {
                brush.Line(x * length, 0, (x + 0.2f) * length, width * 0.45f, colour.Darker(0.4f).Faded(0.5f), 0.0018f);
                brush.Line(x * length, 0, (x + 0.2f) * length, -width * 0.45f, colour.Darker(0.4f).Faded(0.5f), 0.0018f);
            }
        });
        brush.Line(-0.18f * length, 0, length * 0.94f, 0, colour.Darker(0.45f), 0.0035f);
    }
}
