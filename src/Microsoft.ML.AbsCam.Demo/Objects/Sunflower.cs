using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Sunflower : SceneObject
{
    public override string Name => "sunflower";

    public override float Turn => 180;

    public override void Draw(Brush brush, Dice dice)
    {
        var petal = Colours.Hsv(dice.Pick(dice.Between(38, 54), dice.Between(38, 54), dice.Between(8, 36)), dice.Between(0.8f, 0.98f), dice.Between(0.85f, 1f));
        var heart = dice.Between(0.36f, 0.5f);
        DrawSepals(brush, dice, heart);
        DrawPetals(brush, dice, petal.Darker(0.18f), heart, dice.Between(0.9f, 1f), 0);
        DrawPetals(brush, dice, petal, heart, dice.Between(0.8f, 0.92f), 0.5f);
        DrawHeart(brush, dice, heart);
    }

    private static void DrawSepals(Brush brush, Dice dice, float heart)
    {
        var green = Colours.Hsv(dice.Between(80, 120), 0.65f, dice.Between(0.4f, 0.6f));
        var count = dice.Whole(2, 5);
        for (var i = 0; i < count; i++)
        {
            brush.At(0, 0, dice.Between(0, 360), 1, 1, () =>
            {
                brush.Canvas.Translate(heart * 0.6f, 0);
                brush.Fill(Paths.Leaf(0.98f - (heart * 0.6f), 0.32f), Shades.Linear(0, -0.15f, 0, 0.15f, green.Lighter(0.2f), green, green.Darker(0.3f)));
                brush.Line(0, 0, 0.55f, 0, green.Darker(0.35f), 0.014f);
            });
        }
    }

    private static void DrawPetals(Brush brush, Dice dice, SKColor colour, float heart, float reach, float phase)
    {
        var count = dice.Whole(13, 18);
        for (var i = 0; i < count; i++)
        {
            var degrees = (360 * (i + phase) / count) + dice.Between(-5, 5);
            var length = (reach * dice.Between(0.9f, 1f)) - (heart * 0.65f);
            var width = dice.Between(0.2f, 0.27f);
            brush.At(0, 0, degrees, 1, 1, () =>
            {
                brush.Canvas.Translate(heart * 0.65f, 0);
                using var petal = Paths.Leaf(length, width, 0.4f);
                brush.Soft(petal, SKColors.Black.Faded(0.3f), 0.025f, keep: true);
                brush.Fill(petal, Shades.Linear(0, 0, length, 0, colour.Darker(0.4f), colour, colour.Lighter(0.12f), colour.Lighter(0.3f)), keep: true);
                brush.Line(length * 0.15f, 0, length * 0.85f, 0, colour.Darker(0.35f).Faded(0.6f), 0.012f);
                brush.Stroke(Paths.Bow(length * 0.2f, 0.02f, length * 0.5f, width * 0.28f, length * 0.75f, 0.02f), colour.Darker(0.3f).Faded(0.4f), 0.01f);
            });
        }
    }

    private static void DrawHeart(Brush brush, Dice dice, float radius)
    {
        var brown = Colours.Hsv(dice.Between(15, 34), dice.Between(0.6f, 0.85f), dice.Between(0.22f, 0.42f));
        brush.Soft(Paths.Ellipse(0, 0.02f, radius, radius), SKColors.Black.Faded(0.5f), 0.04f);
        brush.Ellipse(0, 0, radius, radius, Shades.Radial(0, 0, radius, brown.Darker(0.55f), brown.Darker(0.3f), brown.Lighter(0.08f), brown.Darker(0.2f)));
        const int Seeds = 150;
        for (var i = 4; i < Seeds; i++)
        {
            var way = radius * 0.97f * MathF.Sqrt(i / (float)Seeds);
            var (sin, cos) = MathF.SinCos(i * 2.39996f);
            var tone = Colours.Mix(brown.Darker(0.25f), Colours.Hsv(36, 0.75f, 0.75f), 0.15f + (0.75f * way / radius * dice.Between(0.5f, 1)));
            brush.Ellipse((cos * way) + 0.006f, (sin * way) + 0.01f, 0.023f, 0.023f, SKColors.Black.Faded(0.5f));
            brush.Ellipse(cos * way, sin * way, 0.018f, 0.018f, tone);
        }

        brush.Ellipse(0, 0, radius * 0.3f, radius * 0.3f, Shades.Radial(0, 0, radius * 0.3f, Colours.Hsv(75, 0.5f, 0.4f).Faded(0.7f), Colours.Hsv(60, 0.5f, 0.3f).Faded(0)));
    }
}
