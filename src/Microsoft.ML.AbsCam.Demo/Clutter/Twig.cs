using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class Twig : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var length = dice.Between(0.12f, 0.34f);
        var bark = Colours.Hsv(dice.Between(18, 36), dice.Between(0.25f, 0.5f), dice.Between(0.22f, 0.5f));
        var bend = dice.Between(-0.12f, 0.12f) * length;
        var forkAt = dice.Between(-0.2f, 0.2f) * length;
        var fork = dice.Sign() * dice.Between(0.1f, 0.22f) * length;
        Limb(brush, 0.004f, 0.007f, SKColors.Black.Faded(0.4f), 0.011f);
        Limb(brush, 0, 0, bark, 0.01f);
        Limb(brush, -0.0012f, -0.0018f, bark.Lighter(0.3f).Faded(0.7f), 0.003f);

        void Limb(Brush brush, float x, float y, SKColor colour, float width)
        {
            brush.Stroke(Paths.Bow(x - (length / 2), y, x, y + bend, x + (length / 2), y), colour, width);
            brush.Stroke(Paths.Bow(x + forkAt, y + (bend * 0.45f), x + forkAt + (length * 0.1f), y + (fork * 0.7f), x + forkAt + (length * 0.24f), y + fork), colour, width * 0.7f);
        }
    }
}
