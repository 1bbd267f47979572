using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Fish : SceneObject
{
    public override string Name => "fish";

    public override float Turn => 40;

    public override void Draw(Brush brush, Dice dice)
    {
        var hue = dice.Between(0, 360);
        var back = Colours.Hsv(hue, dice.Between(0.6f, 0.95f), dice.Between(0.5f, 0.9f));
        var belly = Colours.Hsv(hue + dice.Between(-40, 40), dice.Between(0.1f, 0.5f), dice.Between(0.9f, 1f));
        var fin = Colours.Hsv(hue + dice.Pick(0, 35, -35, 180), dice.Between(0.6f, 0.95f), dice.Between(0.7f, 0.98f));
        var height = dice.Between(0.4f, 0.58f);
        var stripes = dice.Pick(0, 0, 2, 3, 4);
        var stripe = dice.Pick(SKColors.White, Colours.Hsv(hue + 180, 0.6f, 0.9f), back.Darker(0.6f));

        DrawFin(brush, Paths.Smooth((-0.5f, 0), (-0.78f, -0.2f), (-1, -0.5f), (-0.98f, -0.18f), (-0.86f, 0), (-0.98f, 0.2f), (-1, 0.5f), (-0.78f, 0.2f)), fin, (-0.5f, 0), (-1.05f, 0));
        DrawFin(brush, Paths.Smooth((0.4f, -height * 0.75f), (0.15f, -height - 0.2f), (-0.25f, -height - 0.24f), (-0.46f, -height * 0.62f), (-0.2f, -height * 0.6f), (0.1f, -height * 0.7f)), fin, (0.1f, -height * 0.5f), (-0.15f, -height - 0.35f));
        DrawFin(brush, Paths.Smooth((0.05f, height * 0.7f), (-0.12f, height + 0.2f), (-0.38f, height + 0.16f), (-0.36f, height * 0.6f)), fin, (-0.05f, height * 0.5f), (-0.3f, height + 0.3f));

        using var body = Paths.Smooth((0.97f, 0.03f), (0.78f, -height * 0.55f), (0.35f, -height * 0.95f), (-0.1f, -height * 0.9f), (-0.5f, -0.17f), (-0.66f, -0.12f), (-0.66f, 0.12f), (-0.5f, 0.17f), (-0.1f, height * 0.88f), (0.35f, height * 0.93f), (0.78f, height * 0.55f));
        brush.Fill(body, Shades.Linear(0, -height, 0, height, back.Darker(0.25f), back, Colours.Mix(back, belly, 0.5f), belly), keep: true);
        brush.Inside(body, () =>
        {
            DrawStripes(brush, stripes, stripe);
            DrawScales(brush, height, back);
            brush.Fill(Paths.Ellipse(1, 0, 0.52f, 0.8f), Shades.Linear(0, -height, 0, height, back.Lighter(0.12f), Colours.Mix(back, belly, 0.55f), belly));
            brush.Stroke(Paths.Bow(0.53f, -height, 0.4f, 0, 0.53f, height), back.Darker(0.55f).Faded(0.6f), 0.028f);
            brush.Soft(Paths.Ellipse(0.2f, -height * 0.62f, 0.42f, 0.08f), SKColors.White.Faded(0.55f), 0.05f);
            brush.Stroke(Paths.Bow(0.82f, 0.17f, 0.88f, 0.12f, 1, 0.1f), back.Darker(0.7f), 0.03f);
        });
        DrawFin(brush, Paths.Smooth((0.38f, 0.08f), (0.2f, 0.06f), (0.0f, 0.12f), (-0.06f, 0.3f), (0.14f, 0.3f), (0.34f, 0.2f)), fin.Darker(0.1f), (0.38f, 0.12f), (-0.1f, 0.26f));
        DrawEye(brush, 0.7f, -height * 0.22f, dice.Between(0.1f, 0.14f));
    }

    private static void DrawFin(Brush brush, SKPath outline, SKColor colour, (float X, float Y) root, (float X, float Y) tip)
    {
        using (outline)
        {
            brush.Fill(outline, Shades.Linear(root.X, root.Y, tip.X, tip.Y, colour.Darker(0.3f), colour, colour.Lighter(0.35f)), keep: true);
            brush.Inside(outline, () =>
            {
                var (alongX, alongY) = (tip.X - root.X, tip.Y - root.Y);
                for (var i = -4; i <= 4; i++)
                {
                    brush.Line(root.X, root.Y, tip.X - (alongY * i * 0.28f), tip.Y + (alongX * i * 0.28f), colour.Darker(0.5f).Faded(0.5f), 0.012f);
                }
            });
            brush.Stroke(outline, colour.Darker(0.4f).Faded(0.7f), 0.016f, keep: true);
        }
    }

    private static void DrawStripes(Brush brush, int count, SKColor colour)
    {
        for (var i = 0; i < count; i++)
        {
            var x = 0.36f - (i * 0.8f / count);
            brush.Stroke(Paths.Bow(x, -0.8f, x - 0.16f, 0, x, 0.8f), colour.Darker(0.5f).Faded(0.7f), (0.36f / count) + 0.04f);
            brush.Stroke(Paths.Bow(x, -0.8f, x - 0.16f, 0, x, 0.8f), colour.Faded(0.95f), 0.36f / count);
        }
    }

    private static void DrawScales(Brush brush, float height, SKColor colour)
    {
        const float Size = 0.11f;
        for (var row = -6; row <= 6; row++)
        {
            for (var column = -6; column <= 5; column++)
            {
                var (x, y) = ((column + ((row & 1) * 0.5f)) * Size * 1.05f, row * Size * 0.75f);
                if (Math.Abs(y) < height)
                {
                    brush.Stroke(Paths.Bow(x, y - (Size / 2), x - (Size * 0.9f), y, x, y + (Size / 2)), colour.Darker(0.5f).Faded(0.35f), 0.014f);
                }
            }
        }
    }

    private static void DrawEye(Brush brush, float x, float y, float size)
    {
        brush.Ellipse(x, y, size * 1.15f, size * 1.15f, SKColors.Black.Faded(0.6f));
        brush.Ellipse(x, y, size, size, Shades.Radial(x, y, size, SKColors.White, SKColors.White, Colours.Hsv(45, 0.35f, 0.9f)));
        brush.Ellipse(x + (size * 0.15f), y, size * 0.6f, size * 0.6f, SKColors.Black);
        brush.Ellipse(x - (size * 0.08f), y - (size * 0.25f), size * 0.2f, size * 0.2f, SKColors.White);
    }
}
