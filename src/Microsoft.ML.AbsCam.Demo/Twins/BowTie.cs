using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>Below a duck's chin.</summary>
internal sealed class BowTie : TwinPart
{
    public override string Name => "bow tie";

    public override void Draw(Brush brush)
    {
        var blue = Colours.Hsv(225, 0.85f, 0.75f);
        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            brush.At(0.3f, 0.06f, 0, side, 1, () => brush.Fill(
                Paths.Polygon((0, 0), (0.3f, -0.17f), (0.3f, 0.17f)),
                Shades.Linear(0, 0, 0.3f, 0, blue.Darker(0.4f), blue, blue.Lighter(0.3f))));
        }

        brush.Ellipse(0.3f, 0.06f, 0.075f, 0.09f, blue.Darker(0.3f));
        brush.Ellipse(0.28f, 0.04f, 0.03f, 0.03f, SKColors.White.Faded(0.7f));
    }
}
