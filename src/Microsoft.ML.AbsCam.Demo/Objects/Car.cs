using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Objects;

internal sealed class Car : SceneObject
{
    private const float Ground = 0.52f;

    public override string Name => "car";

    public override float Turn => 16;

    public override void Draw(Brush brush, Dice dice)
    {
        var hue = dice.Between(0, 360);
        var colour = dice.Chance(0.2f)
            ? Colours.Hsv(hue, 0.08f, dice.Between(0.25f, 0.95f))
            : Colours.Hsv(hue, dice.Between(0.6f, 0.95f), dice.Between(0.6f, 0.95f));
        var second = dice.Pick(SKColors.White, Colours.Hsv(45, 0.2f, 0.98f), colour.Darker(0.4f), colour);
        var van = dice.Chance(0.35f);
        var roof = van ? -0.55f : dice.Between(-0.52f, -0.4f);
        using var body = van
            ? Paths.Smooth((-0.94f, 0.4f), (-0.96f, 0), (-0.92f, roof + 0.12f), (-0.78f, roof), (0.5f, roof), (0.74f, roof + 0.14f), (0.9f, 0), (0.98f, 0.2f), (0.95f, 0.4f), (0.7f, 0.44f), (-0.7f, 0.44f))
            : Paths.Smooth((-0.97f, 0.38f), (-0.98f, 0.1f), (-0.86f, -0.06f), (-0.6f, roof + 0.1f), (-0.4f, roof), (0.1f, roof), (0.3f, roof + 0.1f), (0.52f, -0.08f), (0.85f, 0), (0.98f, 0.18f), (0.97f, 0.38f), (0.7f, 0.44f), (-0.7f, 0.44f));

        if (dice.Chance(0.3f))
        {
            DrawLuggage(brush, dice, roof);
        }

        brush.Fill(body, Shades.Linear(0, roof, 0, 0.45f, colour.Lighter(0.4f), colour.Lighter(0.1f), colour, colour.Darker(0.4f)), keep: true);
        brush.Inside(body, () =>
        {
            brush.Fill(Paths.Box(-1, 0.14f, 1, 0.6f), Shades.Linear(0, 0.14f, 0, 0.46f, second.Darker(0.04f), second.Darker(0.45f)));
            brush.Line(-1, 0.13f, 1, 0.13f, SKColors.White.Faded(0.7f), 0.025f);
        });
        DrawWindows(brush, van, roof);
        DrawTrim(brush, colour);
        DrawWheel(brush, -0.52f, dice.Between(0.2f, 0.23f));
        DrawWheel(brush, 0.53f, dice.Between(0.2f, 0.23f));
    }

    private static void DrawWindows(Brush brush, bool van, float roof)
    {
        float top = roof + 0.11f, bottom = -0.03f;
        DrawGlass(brush, van ? [(-0.84f, top), (-0.5f, top), (-0.5f, bottom), (-0.86f, bottom)] : [(-0.42f, top), (-0.15f, top), (-0.15f, bottom), (-0.68f, bottom)]);
        DrawGlass(brush, van ? [(-0.42f, top), (0.02f, top), (0.02f, bottom), (-0.42f, bottom)] : [(-0.08f, top), (0.12f, top), (0.38f, bottom), (-0.08f, bottom)]);
        if (van)
        {
            DrawGlass(brush, [(0.1f, top), (0.5f, top), (0.8f, bottom), (0.1f, bottom)]);
        }
    }

    private static void DrawGlass(Brush brush, ReadOnlySpan<(float X, float Y)> corners)
    {
        using var pane = Paths.Polygon(corners);
        var left = corners[3].X;
        brush.Stroke(pane, Colours.Hsv(210, 0.1f, 0.2f), 0.045f, keep: true);
        brush.Fill(pane, Shades.Linear(0, -0.5f, 0, 0, Colours.Hsv(205, 0.15f, 0.98f), Colours.Hsv(207, 0.45f, 0.7f), Colours.Hsv(210, 0.55f, 0.4f)), keep: true);
        brush.Inside(pane, () => brush.Fill(Paths.Polygon((left + 0.22f, -0.6f), (left + 0.36f, -0.6f), (left + 0.16f, 0), (left + 0.02f, 0)), SKColors.White.Faded(0.4f)));
    }

    private static void DrawTrim(Brush brush, SKColor colour)
    {
        brush.Line(0.06f, 0, 0.06f, 0.36f, colour.Darker(0.5f).Faded(0.6f), 0.014f);
        brush.Line(-0.46f, 0, -0.44f, 0.16f, colour.Darker(0.5f).Faded(0.6f), 0.014f);
        brush.Line(-0.08f, 0.06f, 0, 0.06f, SKColors.WhiteSmoke, 0.03f);
        var chrome = Colours.Hsv(210, 0.05f, 0.85f);
        brush.Fill(Paths.Box(0.78f, 0.31f, 1.02f, 0.4f, 0.045f), Shades.Linear(0, 0.31f, 0, 0.4f, SKColors.White, chrome, chrome.Darker(0.5f)));
        brush.Fill(Paths.Box(-1.02f, 0.31f, -0.78f, 0.4f, 0.045f), Shades.Linear(0, 0.31f, 0, 0.4f, SKColors.White, chrome, chrome.Darker(0.5f)));
        brush.Ellipse(0.91f, 0.15f, 0.075f, 0.085f, chrome.Darker(0.35f));
        brush.Ellipse(0.92f, 0.15f, 0.06f, 0.07f, Shades.Radial(0.9f, 0.13f, 0.09f, SKColors.White, Colours.Hsv(50, 0.4f, 1), Colours.Hsv(42, 0.7f, 0.9f)));
        brush.Fill(Paths.Box(-0.98f, 0.08f, -0.9f, 0.24f, 0.03f), Colours.Hsv(2, 0.9f, 0.85f));
    }

    private static void DrawWheel(Brush brush, float x, float radius)
    {
        var y = Ground - 0.07f;
        brush.Ellipse(x, y - 0.03f, radius * 1.2f, radius * 1.2f, SKColors.Black.Faded(0.75f));
        brush.Ellipse(x, y, radius, radius, Shades.Radial(x, y, radius, Colours.Hsv(220, 0.05f, 0.12f), Colours.Hsv(220, 0.05f, 0.3f), Colours.Hsv(220, 0.05f, 0.1f)));
        brush.Ellipse(x, y, radius * 0.6f, radius * 0.6f, Shades.Linear(x - radius, y - radius, x + radius, y + radius, SKColors.White, SKColors.LightGray, SKColors.DimGray));
        for (var spoke = 0; spoke < 5; spoke++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * (spoke + 0.2f) / 5);
            brush.Line(x + (cos * radius * 0.2f), y + (sin * radius * 0.2f), x + (cos * radius * 0.5f), y + (sin * radius * 0.5f), SKColors.Black.Faded(0.55f), 0.022f);
        }

        brush.Ellipse(x, y, radius * 0.17f, radius * 0.17f, SKColors.DimGray);
    }

    private static void DrawLuggage(Brush brush, Dice dice, float roof)
    {
        var leather = Colours.Hsv(dice.Between(0, 360), 0.5f, dice.Between(0.4f, 0.8f));
        brush.Fill(Paths.Box(-0.42f, roof - 0.24f, 0.08f, roof, 0.05f), Shades.Linear(0, roof - 0.24f, 0, roof, leather.Lighter(0.3f), leather, leather.Darker(0.3f)));
        brush.Line(-0.3f, roof - 0.23f, -0.3f, roof, leather.Darker(0.5f), 0.035f);
        brush.Line(-0.04f, roof - 0.23f, -0.04f, roof, leather.Darker(0.5f), 0.035f);
        brush.Line(-0.5f, roof - 0.01f, 0.2f, roof - 0.01f, SKColors.DimGray, 0.04f);
    }
}
