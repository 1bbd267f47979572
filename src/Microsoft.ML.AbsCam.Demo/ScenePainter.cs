using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using Microsoft.ML.AbsCam.Demo.Objects;
using Microsoft.ML.AbsCam.Demo.Textures;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>Puts a scene together: ground, clutter, the object with its shadow, light and lens.</summary>
internal sealed class ScenePainter(int seed, int size)
{
    // The ground is thrown from the seed alone and the object from a stream of its own:
    // one seed gives every class the same ground, so nothing around the object can tell its class.
    private readonly Dice _ground = new(seed, 0);
    private readonly (float X, float Y) _shadow = ShadowWay(new Dice(seed, 1));

    public (SKBitmap Picture, bool[] Mask) Paint(Texture texture, SceneObject thing, int objectStream)
    {
        var picture = NewBitmap();
        using var canvas = new SKCanvas(picture);
        canvas.Scale(size);
        var brush = new Brush(canvas);
        texture.Paint(picture, brush, _ground);
        ScatterClutter(brush, texture.Clutter);

        using var layer = NewBitmap();
        DrawObject(layer, thing, new Dice(seed, 100 + objectStream));
        canvas.ResetMatrix();
        CastShadow(canvas, layer);
        canvas.DrawBitmap(layer, 0, 0);
        canvas.Scale(size);

        var light = new Dice(seed, 2);
        Lens.Light(brush, light);
        canvas.Flush();
        Lens.Expose(picture, light);
        return (picture, Mask(layer));
    }

    private static (float X, float Y) ShadowWay(Dice dice)
    {
        var (sin, cos) = MathF.SinCos(dice.Between(0.2f, 1.35f));
        var length = dice.Between(0.012f, 0.035f);
        return (cos * length * dice.Sign(), sin * length);
    }

    private SKBitmap NewBitmap() => new(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Premul));

    private void ScatterClutter(Brush brush, IReadOnlyList<ClutterItem> kinds)
    {
        var count = _ground.Whole(5, 13);
        var marble = new Marble();
        for (var i = 0; i < count; i++)
        {
            ClutterItem item = _ground.Chance(0.14f) ? marble : kinds[_ground.Whole(0, kinds.Count - 1)];
            var (x, y, degrees) = (_ground.Between(0, 1), _ground.Between(0, 1), _ground.Between(-180, 180));
            var upright = item is FarBirds or Marble;
            brush.At(x, y, upright ? 0 : degrees, 1, 1, () => item.Draw(brush, _ground));
        }
    }

    private void DrawObject(SKBitmap layer, SceneObject thing, Dice dice)
    {
        layer.Erase(SKColors.Transparent);
        using var canvas = new SKCanvas(layer);
        var brush = new Brush(canvas);
        var radius = dice.Between(0.19f, 0.33f);
        var reach = radius * 1.02f;
        canvas.Scale(size);
        canvas.Translate(dice.Between(reach, 1 - reach), dice.Between(reach, 1 - reach));
        canvas.RotateDegrees(dice.Between(-thing.Turn, thing.Turn));
        canvas.Skew(dice.Between(-0.1f, 0.1f), 0);
        var stretch = dice.Between(0.92f, 1.08f);
        canvas.Scale(radius * stretch * dice.Sign(), radius / stretch);
        thing.Draw(brush, dice);
        canvas.ResetMatrix();
        canvas.Scale(size);

        // The same lamp shades every object: brighter on its side, darker on the other.
        using var lamp = SKShader.CreateLinearGradient(
            new SKPoint(0.5f - (_shadow.X * 14), 0.5f - (_shadow.Y * 14)),
            new SKPoint(0.5f + (_shadow.X * 14), 0.5f + (_shadow.Y * 14)),
            [SKColors.White.Faded(0.16f), SKColors.White.Faded(0), SKColors.Black.Faded(0.2f)],
            SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = lamp, BlendMode = SKBlendMode.SrcATop };
        canvas.DrawRect(0, 0, 1, 1, paint);
        canvas.Flush();
    }

    private void CastShadow(SKCanvas canvas, SKBitmap layer)
    {
        using var near = SKImageFilter.CreateDropShadowOnly(_shadow.X * size * 0.5f, _shadow.Y * size * 0.5f, size * 0.006f, size * 0.006f, SKColors.Black.Faded(0.5f));
        using var far = SKImageFilter.CreateDropShadowOnly(_shadow.X * size * 1.5f, _shadow.Y * size * 1.5f, size * 0.022f, size * 0.022f, SKColors.Black.Faded(0.5f));
        foreach (var filter in (ReadOnlySpan<SKImageFilter>)[far, near])
        {
            using var paint = new SKPaint { ImageFilter = filter };
            canvas.DrawBitmap(layer, 0, 0, paint);
        }
    }

    private static bool[] Mask(SKBitmap layer)
    {
        var mask = new bool[layer.Width * layer.Height];
        var bytes = layer.GetPixelSpan();
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = bytes[((i / layer.Width) * layer.RowBytes) + ((i % layer.Width) * 4) + 3] >= 128;
        }

        return mask;
    }
}
