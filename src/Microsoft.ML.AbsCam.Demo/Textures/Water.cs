using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Water : Texture
{
    public override string Name => "water";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new FallenLeaf(), new Twig(), new LilyPad(), new Bubbles()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var hue = dice.Between(172, 214);
        var deep = Colours.Hsv(hue + 8, dice.Between(0.65f, 0.9f), dice.Between(0.32f, 0.55f)).ToVector();
        var shallow = Colours.Hsv(hue - 6, dice.Between(0.45f, 0.7f), dice.Between(0.68f, 0.88f)).ToVector();
        var glint = Colours.Hsv(hue - 12, 0.12f, 1).ToVector();
        var mesh = dice.Between(4, 7);
        var sparkle = dice.Between(0.35f, 0.75f);
        Pixels.Paint(bitmap, (x, y) =>
        {
            var (bendX, bendY) = (0.35f * noise.At(x * 4, y * 4), 0.35f * noise.At((x * 4) + 31, (y * 4) + 7));
            var depth = noise.Fractal(x * 1.6f, y * 1.6f, 3);
            // Light that waves gather on the bottom is bright along the borders between cells.
            var (_, gap, _) = noise.Cell((x * mesh) + bendX, (y * mesh) + bendY);
            var caustic = MathF.Exp(-9 * gap);
            var ripple = noise.Fractal((x * 9) + bendX, (y * 15) + bendY, 2);
            var ground = Vector3.Lerp(deep, shallow, 0.5f + (0.6f * depth) + (0.14f * ripple));
            return Vector3.Lerp(ground, glint, sparkle * caustic * Pixels.Step(-0.45f, 0.4f, depth + (0.3f * ripple)));
        });
    }
}
