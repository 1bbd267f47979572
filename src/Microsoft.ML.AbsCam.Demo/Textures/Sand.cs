using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Sand : Texture
{
    public override string Name => "sand";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new Pebble(), new Shell(), new Twig(), new FallenLeaf()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var hue = dice.Between(28, 42);
        var shade = Colours.Hsv(hue - 4, dice.Between(0.35f, 0.5f), dice.Between(0.52f, 0.64f)).ToVector();
        var light = Colours.Hsv(hue, dice.Between(0.2f, 0.34f), dice.Between(0.86f, 0.97f)).ToVector();
        var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.PI));
        var ripples = dice.Between(5, 11);
        var strength = dice.Between(0.05f, 0.26f);
        Pixels.Paint(bitmap, (x, y) =>
        {
            var across = ((x * cos) + (y * sin)) * ripples;
            var along = ((y * cos) - (x * sin)) * ripples;
            var wave = MathF.Sin((across * 3) + (2.2f * noise.At(across * 0.35f, along * 0.5f)));
            var dunes = noise.Fractal(x * 2.3f, y * 2.3f, 3);
            var grain = noise.At(x * 150, y * 150);
            return Vector3.Lerp(shade, light, 0.6f + (strength * wave) + (0.28f * dunes) + (0.16f * grain));
        });

        var (width, height) = Extent(bitmap);
        for (var i = 0; i < 120; i++)
        {
            var tone = dice.Between(0, 1);
            brush.Ellipse(dice.Between(0, width), dice.Between(0, height), dice.Between(0.001f, 0.004f), dice.Between(0.001f, 0.004f), Colours.Hsv(hue, 0.3f, tone).Faded(0.5f));
        }
    }
}
