using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class HotAirBalloon : SceneObject
{
    public override string Name => "hot-air balloon";

    public override void Draw(Brush brush, Dice dice)
    {
        DrawBasket(brush, dice);
        using var envelope = Envelope(dice.Between(0.6f, 0.72f));
        var palette = Palette(dice);
        var gores = dice.Whole(4, 7);
        DrawGores(brush, envelope, palette, gores);
        if (dice.Chance(0.5f))
        {
            var top = dice.Between(-0.62f, -0.35f);
            var band = Palette(dice);
            using var stripe = Paths.Box(-1, top, 1, top + dice.Between(0.14f, 0.3f));
            brush.Inside(stripe, () => DrawGores(brush, envelope, band, gores));
        }

        brush.Inside(envelope, () =>
        {
            brush.Ellipse(0, -0.3f, 1.2f, 1.2f, Shades.Radial(-0.24f, -0.6f, 1.05f, SKColors.White.Faded(0.5f), SKColors.White.Faded(0.08f), SKColors.Black.Faded(0.12f), SKColors.Black.Faded(0.5f)));
            brush.Ellipse(0, 0.44f, 0.3f, 0.12f, SKColors.Black.Faded(0.3f));
        });
    }

    private static SKPath Envelope(float radius)
    {
        var path = new SKPath();
        path.MoveTo(0, -1);
        path.CubicTo(radius * 0.62f, -1, radius, -0.74f, radius, -0.42f);
        path.CubicTo(radius, -0.06f, radius * 0.42f, 0.16f, 0.14f, 0.43f);
        path.LineTo(-0.14f, 0.43f);
        path.CubicTo(-radius * 0.42f, 0.16f, -radius, -0.06f, -radius, -0.42f);
        path.CubicTo(-radius, -0.74f, -radius * 0.62f, -1, 0, -1);
        path.Close();
        return path;
    }

    private static SKColor[] Palette(Dice dice)
    {
        var hue = dice.Between(0, 360);
        var first = Colours.Hsv(hue, dice.Between(0.7f, 0.95f), dice.Between(0.75f, 0.98f));
        var second = dice.Pick(
            Colours.Hsv(48, 0.1f, 0.98f),
            Colours.Hsv(46, 0.8f, 1f),
            Colours.Hsv(hue + 180, 0.75f, 0.85f),
            Colours.Hsv(hue + 75, 0.8f, 0.95f));
        return dice.Chance(0.35f)
            ? [first, second, Colours.Hsv(hue + 120, 0.7f, 0.85f)]
            : [first, second];
    }

    // Seen from the side, the seams of a balloon are its outline squeezed towards the axis.
    private static void DrawGores(Brush brush, SKPath envelope, SKColor[] palette, int gores)
    {
        for (var i = gores; i >= 1; i--)
        {
            var squeeze = MathF.Sin(MathF.PI / 2 * (i - 0.5f) / (gores - 0.5f));
            var colour = palette[i % palette.Length];
            brush.At(0, 0, 0, squeeze, 1, () =>
            {
                brush.Fill(envelope, colour, keep: true);
                brush.Stroke(envelope, SKColors.Black.Faded(0.16f), 0.012f, keep: true);
            });
        }
    }

    private static void DrawBasket(Brush brush, Dice dice)
    {
        var rope = Colours.Hsv(30, 0.35f, 0.25f);
        var wicker = Colours.Hsv(dice.Between(22, 38), dice.Between(0.5f, 0.75f), dice.Between(0.5f, 0.75f));
        foreach (var x in (ReadOnlySpan<float>)[-1, -0.4f, 0.4f, 1])
        {
            brush.Line(x * 0.13f, 0.42f, x * 0.12f, 0.75f, rope, 0.018f);
        }

        brush.Soft(Paths.Box(-0.03f, 0.5f, 0.03f, 0.62f), Colours.Hsv(42, 0.6f, 1).Faded(0.85f), 0.02f);
        using var basket = Paths.Box(-0.16f, 0.72f, 0.16f, 1, 0.05f);
        brush.Fill(basket, Shades.Linear(-0.16f, 0, 0.16f, 0, wicker.Lighter(0.25f), wicker, wicker.Darker(0.45f)), keep: true);
        brush.Inside(basket, () =>
        {
            for (var y = 0.76f; y < 1; y += 0.055f)
            {
                brush.Line(-0.2f, y, 0.2f, y, wicker.Darker(0.4f).Faded(0.6f), 0.014f);
            }
        });
        brush.Fill(Paths.Box(-0.18f, 0.69f, 0.18f, 0.75f, 0.03f), wicker.Darker(0.45f));
    }
}
