using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>In a mushroom's stem.</summary>
internal sealed class StemDoor : TwinPart
{
    public override string Name => "door";

    public override void Draw(Brush brush)
    {
        brush.Fill(Paths.Box(-0.19f, 0.36f, 0.19f, 0.98f, 0.17f), Colours.Hsv(25, 0.7f, 0.2f));
        brush.Fill(Paths.Box(-0.15f, 0.4f, 0.15f, 0.98f, 0.14f), Shades.Linear(-0.15f, 0, 0.15f, 0, Colours.Hsv(125, 0.5f, 0.65f), Colours.Hsv(128, 0.7f, 0.45f), Colours.Hsv(130, 0.8f, 0.3f)));
        brush.Line(0, 0.42f, 0, 0.94f, Colours.Hsv(128, 0.8f, 0.2f), 0.02f);
        brush.Ellipse(0.09f, 0.7f, 0.035f, 0.035f, Colours.Hsv(48, 0.8f, 1));
    }
}
