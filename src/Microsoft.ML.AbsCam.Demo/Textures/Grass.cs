using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Grass : Texture
{
    public override string Name => "grass";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new FallenLeaf(), new Pebble(), new Twig(), new Clover()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var hue = dice.Between(72, 112);
        var dark = Colours.Hsv(hue + 12, 0.7f, 0.24f).ToVector();
        var light = Colours.Hsv(hue, 0.6f, 0.5f).ToVector();
        Pixels.Paint(bitmap, (x, y) => Vector3.Lerp(dark, light, 0.5f + (0.7f * noise.Fractal(x * 5, y * 5, 3))));

        var (width, height) = Extent(bitmap);
        var wind = dice.Between(-0.5f, 0.5f);
        var blades = (int)(900 * width * height);
        for (var i = 0; i < blades; i++)
        {
            var (x, y) = (dice.Between(-0.02f, width + 0.02f), dice.Between(-0.02f, height + 0.06f));
            var length = dice.Between(0.03f, 0.085f);
            var lean = wind + dice.Between(-0.6f, 0.6f);
            var patch = 0.5f + (0.6f * noise.Fractal(x * 5, y * 5, 2));
            var late = i / (float)blades;
            var colour = Colours.Hsv(hue + dice.Between(-14, 14), dice.Between(0.5f, 0.75f), 0.22f + (0.26f * late) + (0.2f * patch) + dice.Between(-0.08f, 0.12f));
            brush.Stroke(Paths.Bow(x, y, x + (lean * length * 0.2f), y - (length * 0.6f), x + (lean * length), y - length), colour, dice.Between(0.004f, 0.0075f));
        }
    }
}
