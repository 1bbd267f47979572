using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class RubberDuck : SceneObject
{
    public override string Name => "rubber duck";

    public override void Draw(Brush brush, Dice dice)
    {
        var colour = dice.Chance(0.6f)
            ? Colours.Hsv(dice.Between(42, 54), dice.Between(0.75f, 0.95f), dice.Between(0.9f, 1f))
            : Colours.Hsv(dice.Between(0, 360), dice.Between(0.2f, 0.75f), dice.Between(0.8f, 1f));
        var beak = Colours.Hsv(dice.Between(8, 34), dice.Between(0.8f, 0.95f), dice.Between(0.85f, 1f));
        var headX = dice.Between(0.22f, 0.34f);
        var headY = dice.Between(-0.52f, -0.42f);
        var headSize = dice.Between(0.38f, 0.46f);
        var tail = dice.Between(-0.28f, -0.05f);

        using var body = Paths.Smooth((-0.98f, tail), (-0.7f, 0.08f), (-0.3f, 0.02f), (0.1f, -0.12f), (0.55f, -0.05f), (0.76f, 0.28f), (0.66f, 0.62f), (0.3f, 0.82f), (-0.2f, 0.85f), (-0.65f, 0.7f), (-0.9f, 0.35f));
        brush.Fill(body, Shades.Ball(-0.1f, 0.1f, 1.05f, colour), keep: true);
        brush.Inside(body, () => brush.Soft(Paths.Ellipse(headX, headY + headSize + 0.02f, headSize * 0.95f, 0.16f), colour.Darker(0.5f).Faded(0.5f), 0.06f));
        DrawBeak(brush, headX + headSize, headY, beak, dice.Between(0.24f, 0.34f));
        brush.Ellipse(headX, headY, headSize, headSize, Shades.Ball(headX - 0.12f, headY - 0.18f, headSize * 1.35f, colour));
        DrawTuft(brush, headX, headY - headSize, colour);
        DrawEye(brush, headX + (headSize * 0.42f), headY - (headSize * 0.22f), headSize * 0.22f);
        brush.Soft(Paths.Ellipse(headX + (headSize * 0.3f), headY + (headSize * 0.32f), 0.08f, 0.055f), Colours.Hsv(8, 0.7f, 1).Faded(0.45f), 0.03f);
        brush.Soft(Paths.Ellipse(headX - (headSize * 0.4f), headY - (headSize * 0.5f), 0.1f, 0.06f), SKColors.White.Faded(0.8f), 0.03f);
        DrawWing(brush, colour, dice.Between(-8, 14));
    }

    private static void DrawBeak(Brush brush, float x, float y, SKColor colour, float length)
    {
        brush.Fill(Paths.Smooth((x - 0.16f, y + 0.04f), (x + (length * 0.5f), y + 0.1f), (x + (length * 0.85f), y + 0.12f), (x + (length * 0.5f), y + 0.24f), (x - 0.14f, y + 0.2f)), colour.Darker(0.25f));
        brush.Fill(
            Paths.Smooth((x - 0.18f, y - 0.06f), (x + (length * 0.35f), y - 0.02f), (x + length, y - 0.02f), (x + (length * 0.95f), y + 0.08f), (x + (length * 0.4f), y + 0.15f), (x - 0.18f, y + 0.14f)),
            Shades.Linear(0, y - 0.08f, 0, y + 0.15f, colour.Lighter(0.45f), colour, colour.Darker(0.2f)));
        brush.Ellipse(x + 0.04f, y + 0.01f, 0.022f, 0.014f, colour.Darker(0.6f));
    }

    private static void DrawTuft(Brush brush, float x, float y, SKColor colour)
    {
        for (var i = -1; i <= 1; i++)
        {
            var lean = i * 0.07f;
            brush.At(x - 0.02f + lean, y + 0.06f, -105 + (i * 22), 1, 1, () => brush.Fill(Paths.Leaf(0.2f, 0.09f), colour.Darker(0.08f)));
        }
    }

    private static void DrawEye(Brush brush, float x, float y, float size)
    {
        brush.Ellipse(x, y, size, size * 1.25f, SKColors.White);
        brush.Ellipse(x + (size * 0.2f), y, size * 0.66f, size * 0.88f, SKColors.Black);
        brush.Ellipse(x, y - (size * 0.35f), size * 0.26f, size * 0.3f, SKColors.White);
    }

    private static void DrawWing(Brush brush, SKColor colour, float degrees)
    {
        brush.At(0.1f, 0.28f, degrees, 1, 1, () =>
        {
            using var wing = Paths.Smooth((0.1f, 0.02f), (-0.2f, -0.08f), (-0.6f, -0.02f), (-0.86f, -0.12f), (-0.76f, 0.12f), (-0.62f, 0.22f), (-0.5f, 0.3f), (-0.1f, 0.34f), (0.12f, 0.2f));
            brush.Soft(wing, colour.Darker(0.6f).Faded(0.45f), 0.05f, keep: true);
            brush.Fill(wing, Shades.Ball(-0.25f, -0.05f, 0.75f, colour.Darker(0.05f)), keep: true);
            for (var i = 0; i < 3; i++)
            {
                brush.Stroke(Paths.Bow(-0.22f + (i * 0.04f), 0.06f + (i * 0.09f), -0.45f, 0.12f + (i * 0.07f), -0.68f + (i * 0.1f), 0.04f + (i * 0.1f)), colour.Darker(0.35f).Faded(0.6f), 0.024f);
            }
        });
    }
}
