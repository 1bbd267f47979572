using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class LilyPad : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var size = dice.Between(0.04f, 0.09f);
        var green = Colours.Hsv(dice.Between(95, 145), dice.Between(0.45f, 0.7f), dice.Between(0.35f, 0.6f));
        using var pad = new SKPath();
        pad.MoveTo(0, 0);
        pad.ArcTo(new SKRect(-size, -size * 0.85f, size, size * 0.85f), 14, 332, false);
        pad.Close();
        brush.At(size * 0.08f, size * 0.14f, 0, 1, 1, () => brush.Soft(pad, SKColors.Black.Faded(0.4f), size * 0.1f, keep: true));
        brush.Fill(pad, Shades.Radial(0, 0, size, green.Lighter(0.25f), green, green.Darker(0.2f)), keep: true);
        brush.Inside(pad, () =>
        {
            for (var i = 1; i < 9; i++)
            {
                var (sin, cos) = MathF.SinCos(MathF.Tau * i / 9);
                brush.Line(0, 0, cos * size, sin * size, green.Darker(0.35f).Faded(0.5f), size * 0.035f);
            }
        });
    }
}
