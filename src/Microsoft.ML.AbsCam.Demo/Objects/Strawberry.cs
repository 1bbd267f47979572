using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Strawberry : SceneObject
{
    public override string Name => "strawberry";

    public override float Turn => 60;

    public override void Draw(Brush brush, Dice dice)
    {
        var colour = Colours.Hsv(dice.Between(-14, 12), dice.Between(0.78f, 0.96f), dice.Between(0.7f, 0.96f));
        var tip = dice.Chance(0.25f) ? Colours.Hsv(40, 0.45f, 0.95f) : colour.Darker(0.1f);
        var width = dice.Between(0.66f, 0.84f);
        var point = dice.Between(-0.12f, 0.12f);

        using var berry = new SKPath();
        berry.MoveTo(0, -0.5f);
        berry.CubicTo(width * 0.65f, -0.72f, width * 1.2f, -0.35f, width * 0.96f, 0.1f);
        berry.CubicTo(width * 0.78f, 0.52f, point + 0.26f, 0.98f, point, 0.98f);
        berry.CubicTo(point - 0.26f, 0.98f, -width * 0.78f, 0.52f, -width * 0.96f, 0.1f);
        berry.CubicTo(-width * 1.2f, -0.35f, -width * 0.65f, -0.72f, 0, -0.5f);
        berry.Close();
        brush.Fill(berry, Shades.Linear(0, -0.5f, 0, 1, colour, colour, Colours.Mix(colour, tip, 0.7f)), keep: true);
        brush.Inside(berry, () =>
        {
            brush.Ellipse(0, 0.1f, 1.3f, 1.3f, Shades.Radial(-0.26f, -0.18f, 1.15f, SKColors.White.Faded(0.32f), SKColors.White.Faded(0.02f), SKColors.Black.Faded(0.14f), SKColors.Black.Faded(0.55f)));
            DrawSeeds(brush, dice, colour, width);
            brush.Soft(Paths.Ellipse(-width * 0.42f, -0.18f, 0.11f, 0.17f), SKColors.White.Faded(0.6f), 0.05f);
            brush.Soft(Paths.Ellipse(0, -0.46f, width * 0.72f, 0.13f), SKColors.Black.Faded(0.4f), 0.07f);
        });
        DrawCrown(brush, dice);
    }

    private static void DrawSeeds(Brush brush, Dice dice, SKColor colour, float width)
    {
        var seed = Colours.Hsv(dice.Between(38, 54), dice.Between(0.5f, 0.75f), dice.Between(0.85f, 1f));
        var rows = dice.Whole(6, 8);
        for (var row = 0; row < rows; row++)
        {
            var y = -0.34f + (row * 1.25f / rows);
            var half = width * (y < 0.1f ? 0.98f : 1.02f - (0.85f * (y - 0.1f)));
            for (var i = -3; i <= 3; i++)
            {
                // Seeds crowd towards the sides, as on anything round.
                var angle = (i + ((row & 1) * 0.5f)) * 0.42f;
                if (Math.Abs(angle) > 1.35f)
                {
                    continue;
                }

                var x = MathF.Sin(angle) * half;
                var narrow = 0.4f + (0.6f * MathF.Cos(angle));
                var drop = y + (0.06f * MathF.Cos(angle));
                brush.Ellipse(x, drop - 0.008f, 0.046f * narrow, 0.062f, colour.Darker(0.5f).Faded(0.8f));
                brush.Ellipse(x, drop + 0.008f, 0.026f * narrow, 0.042f, seed);
            }
        }
    }

    private static void DrawCrown(Brush brush, Dice dice)
    {
        var green = Colours.Hsv(dice.Between(85, 125), dice.Between(0.6f, 0.85f), dice.Between(0.45f, 0.7f));
        brush.Stroke(Paths.Bow(0, -0.55f, dice.Between(-0.05f, 0.05f), -0.8f, dice.Between(-0.22f, 0.22f), -0.97f), green.Darker(0.2f), 0.075f);
        brush.Stroke(Paths.Bow(-0.01f, -0.57f, 0, -0.7f, 0, -0.78f), green.Lighter(0.25f), 0.022f);
        var leaves = dice.Whole(7, 9);
        for (var i = 0; i < leaves; i++)
        {
            var degrees = (-22 + (224f * i / (leaves - 1))) + dice.Between(-8, 8);
            var length = dice.Between(0.42f, 0.62f);
            // Leaves that point at the viewer look shorter.
            var squeeze = 0.62f + (0.38f * Math.Abs(MathF.Cos(degrees * MathF.PI / 180)));
            brush.At(0, -0.54f, degrees, squeeze, 1, () =>
            {
                brush.Fill(Paths.Leaf(length, 0.26f), Shades.Linear(0, -0.12f, 0, 0.12f, green.Lighter(0.28f), green, green.Darker(0.35f)));
                brush.Line(0.03f, 0, length * 0.8f, 0, green.Darker(0.4f).Faded(0.7f), 0.014f);
            });
        }

        brush.Ellipse(0, -0.55f, 0.09f, 0.06f, green.Lighter(0.15f));
    }
}
