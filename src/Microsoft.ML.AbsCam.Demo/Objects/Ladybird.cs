using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Ladybird : SceneObject
{
    public override string Name => "ladybird";

    public override float Turn => 180;

    public override void Draw(Brush brush, Dice dice)
    {
        var black = Colours.Hsv(dice.Between(0, 360), 0.2f, 0.1f);
        var colour = Colours.Hsv(dice.Pick(dice.Between(-8, 14), dice.Between(-8, 14), dice.Between(15, 52)), dice.Between(0.85f, 1f), dice.Between(0.75f, 0.98f));
        var spot = black;
        if (dice.Chance(0.15f))
        {
            (colour, spot) = (black.Lighter(0.08f), colour);
        }

        var width = dice.Between(0.64f, 0.74f);
        var open = dice.Chance(0.35f) ? dice.Between(4, 16) : 0;
        DrawLegs(brush, dice, black);
        brush.Ellipse(0, 0.16f, width * 0.86f, 0.7f, black.Lighter(0.12f));
        DrawHead(brush, black);
        var spots = Spots(dice);
        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            brush.At(0, -0.42f, -side * open, side, 1, () => DrawWingCase(brush, colour, spot, width, spots));
        }

        brush.Fill(Paths.Smooth((0, -0.36f), (-0.34f, -0.4f), (-0.44f, -0.5f), (-0.3f, -0.68f), (0, -0.74f), (0.3f, -0.68f), (0.44f, -0.5f), (0.34f, -0.4f)), Shades.Ball(-0.12f, -0.68f, 0.5f, black.Lighter(0.1f)));
        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            brush.Ellipse(side * 0.27f, -0.55f, 0.1f, 0.08f, SKColors.White.Faded(0.92f));
        }
    }

    private static void DrawLegs(Brush brush, Dice dice, SKColor black)
    {
        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            foreach (var (y, kneeY, footY) in (ReadOnlySpan<(float, float, float)>)[(-0.25f, -0.4f, -0.6f), (0.15f, 0.1f, 0.18f), (0.5f, 0.62f, 0.84f)])
            {
                var swing = dice.Between(-0.06f, 0.06f);
                brush.Line(side * 0.5f, y, side * 0.8f, kneeY + swing, black, 0.075f);
                brush.Line(side * 0.8f, kneeY + swing, side * 0.92f, footY + swing, black, 0.05f);
            }

            brush.Stroke(Paths.Bow(side * 0.1f, -0.8f, side * 0.16f, -0.98f, side * 0.32f, -0.98f), black, 0.032f);
            brush.Ellipse(side * 0.32f, -0.98f, 0.035f, 0.035f, black);
        }
    }

    private static void DrawHead(Brush brush, SKColor black)
    {
        brush.Ellipse(0, -0.74f, 0.24f, 0.16f, Shades.Ball(-0.08f, -0.8f, 0.3f, black.Lighter(0.12f)));
        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            brush.Ellipse(side * 0.15f, -0.8f, 0.06f, 0.05f, SKColors.White);
            brush.Ellipse(side * 0.16f, -0.81f, 0.03f, 0.028f, SKColors.Black);
        }
    }

    private static (float X, float Y, float Radius)[] Spots(Dice dice)
    {
        (float X, float Y)[] places = dice.Pick<(float, float)[]>(
            [(0.26f, 0.3f), (0.42f, 0.68f), (0.2f, 0.98f)],
            [(0.34f, 0.26f), (0.26f, 0.72f)],
            [(0.22f, 0.22f), (0.5f, 0.42f), (0.24f, 0.6f), (0.46f, 0.82f), (0.18f, 1.02f)]);
        return [.. places.Select(place => (place.X + dice.Between(-0.04f, 0.04f), place.Y + dice.Between(-0.04f, 0.04f), dice.Between(0.7f, 1f) * (places.Length > 3 ? 0.12f : 0.16f)))];
    }

    // The hinge is the origin, the right wing case hangs from it.
    private static void DrawWingCase(Brush brush, SKColor colour, SKColor spot, float width, (float X, float Y, float Radius)[] spots)
    {
        using var wingCase = new SKPath();
        wingCase.MoveTo(0, 0);
        wingCase.CubicTo(width * 0.75f, -0.05f, width, 0.25f, width, 0.6f);
        wingCase.CubicTo(width, 1, width * 0.5f, 1.3f, 0, 1.32f);
        wingCase.Close();
        brush.Fill(wingCase, Shades.Radial(width * 0.3f, 0.35f, 1.05f, colour.Lighter(0.3f), colour, colour.Darker(0.15f), colour.Darker(0.55f)), keep: true);
        brush.Inside(wingCase, () =>
        {
            brush.Ellipse(0, 0.14f, 0.12f, 0.14f, spot);
            foreach (var (x, y, radius) in spots)
            {
                brush.Ellipse(x * width / 0.66f, y, radius, radius * 1.05f, spot);
            }

            brush.Soft(Paths.Ellipse(width * 0.36f, 0.42f, 0.07f, 0.1f), SKColors.White.Faded(0.6f), 0.04f);
        });
        brush.Line(0, 0.02f, 0, 1.3f, colour.Darker(0.8f), 0.022f);
    }
}
