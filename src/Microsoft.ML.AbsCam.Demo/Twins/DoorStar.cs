using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>On a car's door.</summary>
internal sealed class DoorStar : TwinPart
{
    public override string Name => "star";

    public override void Draw(Brush brush)
    {
        using var star = new SKPath();
        for (var i = 0; i < 10; i++)
        {
            var (sin, cos) = MathF.SinCos((MathF.Tau * i / 10) - (MathF.PI / 2));
            var reach = i % 2 == 0 ? 0.2f : 0.085f;
            var (x, y) = (0.02f + (cos * reach), 0.2f + (sin * reach));
            if (i == 0)
            {
                star.MoveTo(x, y);
            }
            else
            {
                star.LineTo(x, y);
            }
        }

        star.Close();
        brush.Ellipse(0.02f, 0.2f, 0.24f, 0.24f, Colours.Hsv(220, 0.8f, 0.35f));
        brush.Fill(star, SKColors.White, keep: true);
    }
}
