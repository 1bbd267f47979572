using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Sailboat : SceneObject
{
    public override string Name => "sailboat";

    public override void Draw(Brush brush, Dice dice)
    {
        var hullColour = Colours.Hsv(dice.Between(0, 360), dice.Between(0.5f, 0.95f), dice.Between(0.45f, 0.9f));
        var sail = dice.Chance(0.5f)
            ? Colours.Hsv(45, dice.Between(0.02f, 0.15f), dice.Between(0.93f, 1f))
            : Colours.Hsv(dice.Between(0, 360), dice.Between(0.4f, 0.85f), dice.Between(0.8f, 1f));
        var accent = Colours.Hsv(dice.Between(0, 360), dice.Between(0.7f, 0.95f), dice.Between(0.7f, 0.95f));
        var deck = dice.Between(0.42f, 0.5f);
        var belly = dice.Between(0.04f, 0.14f);
        var striped = dice.Chance(0.5f);

        var wood = Colours.Hsv(30, 0.6f, 0.5f);
        brush.Line(0.02f, -0.94f, 0.02f, deck + 0.05f, wood, 0.05f);
        brush.Line(0.01f, -0.94f, 0.01f, deck + 0.05f, wood.Lighter(0.4f), 0.015f);

        using var main = Sail((-0.04f, -0.86f), (-0.74f - belly, deck - 0.14f), (-0.04f, deck - 0.1f), belly);
        DrawSail(brush, main, sail, striped ? accent : null);
        using var jib = Sail((0.08f, -0.76f), (0.72f + belly, deck - 0.12f), (0.08f, deck - 0.1f), -belly);
        DrawSail(brush, jib, dice.Chance(0.4f) ? accent : sail.Darker(0.04f), null);
        brush.Line(-0.76f, deck - 0.09f, 0.04f, deck - 0.06f, wood, 0.035f);
        DrawFlag(brush, accent, dice.Sign());
        DrawHull(brush, hullColour, deck, accent, dice.Whole(0, 4));
    }

    private static SKPath Sail((float X, float Y) head, (float X, float Y) clew, (float X, float Y) tack, float belly)
    {
        var path = new SKPath();
        path.MoveTo(head.X, head.Y);
        path.QuadTo(((head.X + clew.X) / 2) - (belly * 1.5f), ((head.Y + clew.Y) / 2) - 0.06f, clew.X, clew.Y);
        path.QuadTo((clew.X + tack.X) / 2, clew.Y + 0.09f, tack.X, tack.Y);
        path.Close();
        return path;
    }

    private static void DrawSail(Brush brush, SKPath outline, SKColor colour, SKColor? stripes)
    {
        var bounds = outline.Bounds;
        brush.Fill(outline, Shades.Linear(bounds.Left, 0, bounds.Right, 0, colour.Darker(0.06f), colour.Lighter(0.35f), colour, colour.Darker(0.22f)), keep: true);
        brush.Inside(outline, () =>
        {
            for (var i = 0; i < 5; i++)
            {
                var y = bounds.Top + (bounds.Height * (i + 0.7f) / 5);
                if (stripes is { } stripe && i % 2 == 1)
                {
                    brush.Stroke(Paths.Bow(bounds.Left, y, bounds.MidX, y + 0.1f, bounds.Right, y), stripe.Faded(0.92f), bounds.Height / 6);
                }

                brush.Stroke(Paths.Bow(bounds.Left, y, bounds.MidX, y + 0.06f, bounds.Right, y), SKColors.Black.Faded(0.14f), 0.012f);
            }
        });
        brush.Stroke(outline, colour.Darker(0.55f).Faded(0.55f), 0.016f, keep: true);
    }

    private static void DrawFlag(Brush brush, SKColor colour, float side)
    {
        brush.Fill(Paths.Polygon((0.02f, -0.99f), (0.02f + (side * 0.24f), -0.93f), (0.02f, -0.86f)), colour);
    }

    private static void DrawHull(Brush brush, SKColor colour, float deck, SKColor accent, int portholes)
    {
        using var hull = new SKPath();
        hull.MoveTo(-0.84f, deck - 0.02f);
        hull.QuadTo(0, deck + 0.1f, 0.97f, deck - 0.06f);
        hull.CubicTo(0.88f, deck + 0.2f, 0.72f, deck + 0.42f, 0.5f, deck + 0.44f);
        hull.LineTo(-0.55f, deck + 0.44f);
        hull.CubicTo(-0.74f, deck + 0.42f, -0.82f, deck + 0.2f, -0.84f, deck - 0.02f);
        hull.Close();
        brush.Fill(hull, Shades.Linear(0, deck, 0, deck + 0.45f, colour.Lighter(0.3f), colour, colour.Darker(0.5f)), keep: true);
        brush.Inside(hull, () =>
        {
            brush.Stroke(Paths.Bow(-0.9f, deck, 0, deck + 0.12f, 1, deck - 0.04f), SKColors.White.Faded(0.92f), 0.085f);
            brush.Stroke(Paths.Bow(-0.9f, deck + 0.26f, 0, deck + 0.32f, 1, deck + 0.26f), accent.Faded(0.9f), 0.06f);
            brush.Stroke(Paths.Bow(-0.9f, deck + 0.14f, 0, deck + 0.2f, 1, deck + 0.12f), colour.Darker(0.5f).Faded(0.5f), 0.012f);
        });
        for (var i = 0; i < portholes; i++)
        {
            var x = ((i - ((portholes - 1) / 2f)) * 0.26f) + 0.05f;
            brush.Ellipse(x, deck + 0.17f, 0.055f, 0.055f, Colours.Hsv(45, 0.5f, 0.85f));
            brush.Ellipse(x, deck + 0.17f, 0.036f, 0.036f, Colours.Hsv(205, 0.5f, 0.35f));
        }
    }
}
