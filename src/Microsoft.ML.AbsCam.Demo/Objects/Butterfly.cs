using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Butterfly : SceneObject
{
    public override string Name => "butterfly";

    public override float Turn => 70;

    public override void Draw(Brush brush, Dice dice)
    {
        var hue = dice.Between(0, 360);
        var margin = Colours.Hsv(hue + 20, dice.Between(0.3f, 0.8f), dice.Between(0.08f, 0.22f));
        var outer = Colours.Hsv(hue, dice.Between(0.65f, 0.95f), dice.Between(0.75f, 1f));
        var inner = Colours.Hsv(hue + dice.Between(-50, 50), dice.Between(0.35f, 0.9f), dice.Between(0.85f, 1f));
        var tail = dice.Chance(0.4f) ? dice.Between(0.12f, 0.28f) : 0;
        var breadth = dice.Between(0.92f, 1.04f);
        var lift = dice.Between(-0.08f, 0.08f);
        var eyes = dice.Chance(0.6f);
        var rim = dice.Between(0.78f, 0.86f);
        using var lower = Paths.Smooth((0.03f, 0), (0.42f, -0.02f), (0.74f, 0.2f), (0.72f, 0.55f), (0.5f, 0.72f + tail), (0.3f, 0.62f), (0.08f, 0.28f));
        using var upper = Paths.Smooth((0.03f, -0.18f), (0.24f, -0.55f), (0.6f, -0.86f + lift), (0.95f, -0.78f + lift), (0.9f, -0.42f), (0.66f, -0.05f), (0.3f, 0.1f), (0.04f, 0.06f));

        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            brush.At(0, 0, 0, side * breadth, 1, () =>
            {
                DrawWing(brush, lower, (0.42f, 0.34f), rim, margin, inner, outer);
                DrawWing(brush, upper, (0.5f, -0.4f), rim, margin, inner.Lighter(0.1f), outer);
                if (eyes)
                {
                    DrawEye(brush, 0.58f, -0.5f, 0.13f, margin, inner);
                    DrawEye(brush, 0.5f, 0.4f, 0.11f, margin, outer);
                }

                DrawDots(brush);
            });
        }

        DrawBody(brush, margin);
    }

    private static void DrawWing(Brush brush, SKPath wing, (float X, float Y) centre, float rim, SKColor margin, SKColor inner, SKColor outer)
    {
        brush.Fill(wing, margin, keep: true);
        using var field = new SKPath(wing);
        field.Transform(SKMatrix.CreateScale(rim, rim, centre.X * 0.86f, centre.Y * 0.86f));
        brush.Fill(field, Shades.Radial(0, 0, 1.1f, inner.Lighter(0.25f), inner, outer, outer.Darker(0.25f)), keep: true);
        brush.Inside(wing, () =>
        {
            for (var i = -2; i <= 2; i++)
            {
                var (x, y) = ((centre.X * 2.1f) + (i * 0.25f * Math.Abs(centre.Y)), (centre.Y * 2.1f) + (i * 0.22f));
                brush.Stroke(Paths.Bow(0.03f, -0.02f, centre.X * 0.8f, (centre.Y * 0.8f) + (i * 0.03f), x, y), margin.Faded(0.75f), 0.017f);
            }
        });
    }

    private static void DrawEye(Brush brush, float x, float y, float radius, SKColor margin, SKColor colour)
    {
        brush.Ellipse(x, y, radius, radius, margin);
        brush.Ellipse(x, y, radius * 0.75f, radius * 0.75f, colour.Lighter(0.45f));
        brush.Ellipse(x, y, radius * 0.45f, radius * 0.45f, margin.Darker(0.3f));
        brush.Ellipse(x - (radius * 0.15f), y - (radius * 0.18f), radius * 0.15f, radius * 0.15f, SKColors.White);
    }

    private static void DrawDots(Brush brush)
    {
        foreach (var (x, y) in (ReadOnlySpan<(float, float)>)[(0.9f, -0.7f), (0.915f, -0.55f), (0.86f, -0.4f), (0.78f, -0.26f), (0.72f, 0.27f), (0.72f, 0.42f), (0.66f, 0.56f)])
        {
            brush.Ellipse(x, y, 0.026f, 0.026f, SKColors.White.Faded(0.9f));
        }
    }

    private static void DrawBody(Brush brush, SKColor colour)
    {
        var dark = colour.Darker(0.35f);
        foreach (var side in (ReadOnlySpan<float>)[-1, 1])
        {
            brush.Stroke(Paths.Bow(side * 0.02f, -0.32f, side * 0.06f, -0.6f, side * 0.24f, -0.74f), dark, 0.022f);
            brush.Ellipse(side * 0.24f, -0.74f, 0.032f, 0.032f, dark);
        }

        brush.Fill(Paths.Smooth((0, -0.2f), (0.065f, 0.0f), (0.05f, 0.35f), (0, 0.52f), (-0.05f, 0.35f), (-0.065f, 0)), Shades.Linear(-0.07f, 0, 0.07f, 0, colour.Lighter(0.45f), colour, dark));
        for (var y = 0.06f; y < 0.45f; y += 0.08f)
        {
            brush.Line(-0.04f, y, 0.04f, y, colour.Lighter(0.3f).Faded(0.7f), 0.015f);
        }

        brush.Ellipse(0, -0.12f, 0.085f, 0.14f, Shades.Ball(-0.03f, -0.18f, 0.2f, colour.Lighter(0.18f)));
        brush.Ellipse(0, -0.3f, 0.07f, 0.07f, Shades.Ball(-0.02f, -0.33f, 0.12f, colour.Lighter(0.12f)));
    }
}
