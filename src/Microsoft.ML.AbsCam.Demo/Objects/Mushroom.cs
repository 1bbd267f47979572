using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Mushroom : SceneObject
{
    public override string Name => "mushroom";

    public override float Turn => 28;

    public override void Draw(Brush brush, Dice dice)
    {
        var cap = dice.Chance(0.55f)
            ? Colours.Hsv(dice.Between(-10, 24), dice.Between(0.75f, 0.95f), dice.Between(0.65f, 0.92f))
            : Colours.Hsv(dice.Between(0, 360), dice.Between(0.35f, 0.8f), dice.Between(0.5f, 0.95f));
        var flesh = Colours.Hsv(dice.Between(28, 50), dice.Between(0.06f, 0.28f), dice.Between(0.88f, 0.98f));
        var spotted = dice.Chance(0.75f);
        if (dice.Chance(0.4f))
        {
            var side = dice.Sign();
            brush.At(side * 0.6f, 0.52f, side * dice.Between(8, 20), 0.42f, 0.42f, () => DrawOne(brush, dice, cap, flesh, spotted));
        }

        DrawOne(brush, dice, cap, flesh, spotted);
    }

    private static void DrawOne(Brush brush, Dice dice, SKColor cap, SKColor flesh, bool spotted)
    {
        var width = dice.Between(0.72f, 0.92f);
        var height = dice.Between(0.78f, 1f);
        var rim = dice.Between(-0.12f, 0.02f);
        var stem = dice.Between(0.2f, 0.3f);
        DrawStem(brush, flesh, stem, rim, dice.Between(-0.1f, 0.1f), dice.Chance(0.6f));

        brush.Ellipse(0, rim, width * 0.94f, 0.16f, Shades.Radial(0, rim, width, flesh.Darker(0.45f), flesh.Darker(0.25f), flesh.Darker(0.05f)));
        for (var i = -7; i <= 7; i++)
        {
            brush.Line(i * stem * 0.12f, rim - 0.02f, i * width * 0.125f, rim + (0.15f * MathF.Sqrt(1 - MathF.Pow(i / 7.6f, 2))), flesh.Darker(0.5f).Faded(0.55f), 0.014f);
        }

        using var dome = new SKPath();
        dome.MoveTo(-width, rim);
        dome.CubicTo(-width * 1.02f, rim - (height * 0.62f), -width * 0.55f, rim - height, 0, rim - height);
        dome.CubicTo(width * 0.55f, rim - height, width * 1.02f, rim - (height * 0.62f), width, rim);
        dome.CubicTo(width * 0.98f, rim + 0.1f, width * 0.6f, rim + 0.03f, 0, rim + 0.04f);
        dome.CubicTo(-width * 0.6f, rim + 0.03f, -width * 0.98f, rim + 0.1f, -width, rim);
        dome.Close();
        brush.Fill(dome, Shades.Ball(-0.25f, rim - (height * 0.7f), width * 1.35f, cap), keep: true);
        brush.Inside(dome, () =>
        {
            if (spotted)
            {
                DrawSpots(brush, dice, width, height, rim, flesh);
            }

            brush.Soft(Paths.Ellipse(-width * 0.38f, rim - (height * 0.72f), 0.16f, 0.08f), SKColors.White.Faded(0.6f), 0.05f);
        });
    }

    private static void DrawStem(Brush brush, SKColor flesh, float half, float rim, float lean, bool ring)
    {
        using var stem = Paths.Smooth((-half * 0.8f, rim), (-half * 0.75f, 0.3f), ((-half * 1.15f) + lean, 0.78f), ((-half * 0.9f) + lean, 0.95f), (lean, 1), ((half * 0.9f) + lean, 0.95f), ((half * 1.15f) + lean, 0.78f), (half * 0.75f, 0.3f), (half * 0.8f, rim));
        brush.Fill(stem, Shades.Linear(-half * 1.1f, 0, half * 1.1f, 0, flesh.Darker(0.08f), flesh, flesh.Darker(0.12f), flesh.Darker(0.45f)), keep: true);
        brush.Inside(stem, () =>
        {
            brush.Soft(Paths.Ellipse(0, rim + 0.12f, half * 1.4f, 0.14f), SKColors.Black.Faded(0.4f), 0.06f);
            for (var i = -2; i <= 2; i++)
            {
                brush.Stroke(Paths.Bow(i * half * 0.35f, 0.3f, i * half * 0.3f, 0.6f, (i * half * 0.42f) + lean, 0.98f), flesh.Darker(0.4f).Faded(0.3f), 0.014f);
            }
        });
        if (ring)
        {
            brush.Fill(Paths.Smooth((-half * 0.75f, rim + 0.24f), (0, rim + 0.29f), (half * 0.75f, rim + 0.24f), (half * 1.25f, rim + 0.4f), (half * 0.6f, rim + 0.39f), (0, rim + 0.44f), (-half * 0.6f, rim + 0.39f), (-half * 1.25f, rim + 0.4f)), Shades.Linear(-half, 0, half, 0, flesh, flesh.Darker(0.06f), flesh.Darker(0.4f)));
        }
    }

    private static void DrawSpots(Brush brush, Dice dice, float width, float height, float rim, SKColor flesh)
    {
        foreach (var (across, up) in (ReadOnlySpan<(float, float)>)[(0, 0.62f), (-0.48f, 0.5f), (0.46f, 0.46f), (-0.16f, 0.26f), (0.3f, 0.16f), (-0.72f, 0.18f), (0.76f, 0.14f), (0.22f, 0.88f), (-0.28f, 0.88f)])
        {
            if (dice.Chance(0.12f))
            {
                continue;
            }

            var x = (across + dice.Between(-0.06f, 0.06f)) * width;
            var y = rim - ((up + dice.Between(-0.05f, 0.05f)) * height);
            var radius = dice.Between(0.08f, 0.15f);
            var narrow = 1 - (0.6f * across * across);
            brush.Ellipse(x + 0.012f, y + 0.022f, radius * narrow, radius * 0.82f, SKColors.Black.Faded(0.3f));
            brush.Fill(Paths.Blob(dice, x, y, radius * narrow * 0.95f, 0.12f), Shades.Radial(x - 0.03f, y - 0.03f, radius * 1.2f, SKColors.White, flesh, flesh.Darker(0.2f)));
        }
    }
}
