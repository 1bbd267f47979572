using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>In a mushroom's cap.</summary>
internal sealed class CapWindow : TwinPart
{
    public override string Name => "window";

    public override void Draw(Brush brush)
    {
        var frame = Colours.Hsv(25, 0.7f, 0.2f);
        brush.Ellipse(0.02f, -0.4f, 0.23f, 0.23f, frame);
        brush.Ellipse(0.02f, -0.4f, 0.18f, 0.18f, Shades.Ball(-0.04f, -0.46f, 0.3f, Colours.Hsv(205, 0.5f, 0.9f)));
        brush.Line(0.02f, -0.58f, 0.02f, -0.22f, frame, 0.04f);
        brush.Line(-0.16f, -0.4f, 0.2f, -0.4f, frame, 0.04f);
    }
}
