using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>On a boat's main sail.</summary>
internal sealed class SailSun : TwinPart
{
    public override string Name => "sun";

    public override void Draw(Brush brush)
    {
        for (var i = 0; i < 10; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * i / 10);
            brush.Line(-0.32f, 0.1f, -0.32f + (cos * 0.25f), 0.1f + (sin * 0.25f), Colours.Hsv(35, 0.95f, 0.95f), 0.05f);
        }

        brush.Ellipse(-0.32f, 0.1f, 0.16f, 0.16f, Shades.Ball(-0.37f, 0.04f, 0.26f, Colours.Hsv(12, 0.9f, 0.95f)));
    }
}
