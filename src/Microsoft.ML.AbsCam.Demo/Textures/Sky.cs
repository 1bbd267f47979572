using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Sky : Texture
{
    public override string Name => "sky";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new FarBirds(), new FallenLeaf(), new FarBirds()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var evening = dice.Chance(0.25f);
        var hue = dice.Between(200, 218);
        var zenith = Colours.Hsv(evening ? 228 : hue, dice.Between(0.5f, 0.75f), evening ? 0.62f : dice.Between(0.7f, 0.92f)).ToVector();
        var horizon = (evening ? Colours.Hsv(dice.Between(14, 36), 0.5f, 1f) : Colours.Hsv(hue - 8, 0.18f, 0.98f)).ToVector();
        var cloudLight = (evening ? Colours.Hsv(28, 0.22f, 1) : Colours.Hsv(210, 0.01f, 1)).ToVector();
        var cloudShade = (evening ? Colours.Hsv(280, 0.25f, 0.62f) : Colours.Hsv(214, 0.14f, 0.74f)).ToVector();
        var cover = dice.Between(-0.12f, 0.22f);
        var size = dice.Between(2, 3.4f);
        var (_, height) = Extent(bitmap);
        Pixels.Paint(bitmap, (x, y) =>
        {
            var air = Vector3.Lerp(zenith, horizon, MathF.Pow(y / height, 1.25f));
            var (skyX, skyY) = (x * size, y * size * 1.5f);
            var density = noise.Fractal(skyX, skyY, 5);
            var above = noise.Fractal(skyX - 0.12f, skyY - 0.22f, 4);
            var amount = Pixels.Step(-cover, 0.34f - cover, density);
            var lit = Math.Clamp(0.55f + (1.5f * (density - above)), 0, 1);
            return Vector3.Lerp(air, Vector3.Lerp(cloudShade, cloudLight, lit), 0.95f * amount);
        });
    }
}
