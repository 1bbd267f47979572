using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Foliage : Texture
{
    public override string Name => "leaves";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new Twig(), new Pebble(), new Acorn()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var autumn = dice.Chance(0.5f);
        var hue = autumn ? dice.Between(18, 34) : dice.Between(84, 140);
        var spread = autumn ? 20 : 16;
        var ground = Colours.Hsv(autumn ? 24 : hue, 0.55f, 0.16f).ToVector();
        var earth = Colours.Hsv(autumn ? 28 : hue, 0.5f, 0.28f).ToVector();
        Pixels.Paint(bitmap, (x, y) => Vector3.Lerp(ground, earth, 0.5f + noise.Fractal(x * 12, y * 12, 2)));

        var (width, height) = Extent(bitmap);
        var leaves = (int)(210 * width * height);
        var broad = dice.Between(0.4f, 0.7f);
        for (var i = 0; i < leaves; i++)
        {
            var late = i / (float)leaves;
            var colour = Colours.Hsv(hue + dice.Between(-spread, spread), dice.Between(0.45f, 0.8f), 0.2f + (0.38f * late) + dice.Between(-0.08f, 0.14f));
            var length = dice.Between(0.09f, 0.17f);
            var (x, y, degrees) = (dice.Between(-0.05f, width + 0.05f), dice.Between(-0.05f, height + 0.05f), dice.Between(0, 360));
            brush.At(x, y, degrees, 1, 1, () => FallenLeaf.DrawLeaf(brush, length, length * broad, colour));
        }
    }
}
