using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Stone : Texture
{
    public override string Name => "stone";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new Pebble(), new FallenLeaf(), new Twig(), new Clover()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var hue = dice.Between(0, 360);
        var warm = dice.Between(0.02f, 0.14f);
        var brightness = dice.Between(0.5f, 0.72f);
        var joint = Colours.Hsv(dice.Pick(35f, 90f), dice.Between(0.15f, 0.4f), dice.Between(0.16f, 0.3f)).ToVector();
        var count = dice.Between(2.5f, 5.5f);
        Pixels.Paint(bitmap, (x, y) =>
        {
            var (bendX, bendY) = (0.16f * noise.At(x * 7, y * 7), 0.16f * noise.At((x * 7) + 19, (y * 7) + 43));
            var (nearest, gap, tone) = noise.Cell((x * count) + bendX, (y * count) + bendY);
            var rough = noise.Fractal(x * 16, y * 16, 3);
            var fine = noise.At(x * 90, y * 90);
            var face = brightness + (0.2f * (tone - 0.5f)) + (0.16f * rough) + (0.05f * fine) - (0.16f * nearest);
            var slab = Colours.Hsv(hue + (90 * tone), warm, Math.Clamp(face, 0.05f, 1)).ToVector();
            var inside = Pixels.Step(0.02f, 0.13f, gap + (0.03f * rough));
            return Vector3.Lerp(joint * (0.8f + (0.4f * fine)), slab, inside);
        });
    }
}
