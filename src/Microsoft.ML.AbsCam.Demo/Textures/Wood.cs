using System.Numerics;
using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

internal sealed class Wood : Texture
{
    public override string Name => "wood";

    public override IReadOnlyList<ClutterItem> Clutter { get; } = [new FallenLeaf(), new Acorn(), new Twig(), new Pebble()];

    public override void Paint(SKBitmap bitmap, Brush brush, Dice dice)
    {
        var noise = new Noise(dice);
        var hue = dice.Between(18, 36);
        var saturation = dice.Between(0.25f, 0.65f);
        var bright = dice.Between(0.5f, 0.85f);
        var dark = Colours.Hsv(hue - 5, saturation + 0.1f, bright * 0.5f).ToVector();
        var light = Colours.Hsv(hue, saturation, bright).ToVector();
        var planks = dice.Between(3, 5.5f);
        var upright = dice.Chance(0.5f);
        var offset = dice.Between(0, 50);
        Pixels.Paint(bitmap, (x, y) =>
        {
            var (along, across) = upright ? (y, x) : (x, y);
            var lane = (across * planks) + offset;
            var plank = MathF.Floor(lane);
            var inLane = lane - plank;
            var shift = plank * 13.7f;
            var warp = noise.Fractal((along * 1.6f) + shift, (across * 5) + shift, 2);
            var rings = MathF.Sin((across * 46) + (warp * 15) + (along * 2) + shift);
            var fibre = noise.At((along * 7) + shift, across * 130);
            var tone = 0.35f * noise.At(shift, 3.3f);
            var grain = 0.58f + tone + (0.17f * rings) + (0.2f * fibre);
            var edge = Math.Min(inLane, 1 - inLane);
            var butt = MathF.Abs(((along * 0.8f) + (0.37f * plank)) % 1 - 0.5f);
            var gap = Pixels.Step(0.008f, 0.04f, edge) * Pixels.Step(0.001f, 0.007f, butt);
            return Vector3.Lerp(dark, light, grain) * (0.25f + (0.75f * gap));
        });
    }
}
