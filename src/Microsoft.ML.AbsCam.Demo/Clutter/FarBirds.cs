using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

internal sealed class FarBirds : ClutterItem
{
    public override void Draw(Brush brush, Dice dice)
    {
        var count = dice.Whole(1, 4);
        for (var i = 0; i < count; i++)
        {
            var (x, y, span) = (dice.Between(-0.08f, 0.08f), dice.Between(-0.08f, 0.08f), dice.Between(0.015f, 0.035f));
            var colour = Colours.Hsv(215, 0.3f, 0.25f).Faded(0.75f);
            brush.Stroke(Paths.Bow(x - span, y - (span * 0.2f), x - (span * 0.4f), y - (span * 0.7f), x, y), colour, 0.005f);
            brush.Stroke(Paths.Bow(x, y, x + (span * 0.4f), y - (span * 0.7f), x + span, y - (span * 0.2f)), colour, 0.005f);
        }
    }
}
