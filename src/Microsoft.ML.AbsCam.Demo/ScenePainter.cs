using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using Microsoft.ML.AbsCam.Demo.Objects;
using Microsoft.ML.AbsCam.Demo.Textures;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>Puts a scene together: ground, clutter, the objects with their shadows, light and lens.</summary>
internal sealed class ScenePainter(int seed, int size)
{
    // The ground is thrown from the seed alone and the object from a stream of its own:
    // one seed gives every class the same ground, so nothing around the object can tell its class.
    private readonly Dice _ground = new(seed, 0);
    private readonly (float X, float Y) _shadow = ShadowWay(new Dice(seed, 1));

    /// <summary>Paints the objects in their order, later ones over earlier ones.</summary>
    /// <returns>The picture, and for every pixel the object that is seen there, counted from 1 (0 is none).</returns>
    public (SKBitmap Picture, byte[] Places) Paint(Texture texture, IReadOnlyList<PlacedObject> things)
    {
        var picture = NewBitmap();
        using var canvas = new SKCanvas(picture);
        canvas.Scale(size);
        var brush = new Brush(canvas);
        texture.Paint(picture, brush, _ground);
        ScatterClutter(brush, texture.Clutter);

        canvas.ResetMatrix();
        var places = new byte[size * size];
        using var layer = NewBitmap();
        for (var i = 0; i < things.Count; i++)
        {
            DrawObject(layer, things[i]);
            CastShadow(canvas, layer);
            canvas.DrawBitmap(layer, 0, 0);
            Claim(places, layer, (byte)(i + 1));
        }

        canvas.Scale(size);
        var light = new Dice(seed, 2);
        Lens.Light(brush, light);
        canvas.Flush();
        Lens.Expose(picture, light);
        return (picture, places);
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

    private void DrawObject(SKBitmap layer, PlacedObject placed)
    {
        var (thing, dice) = (placed.Thing, placed.Dice);
        layer.Erase(SKColors.Transparent);
        using var canvas = new SKCanvas(layer);
        var brush = new Brush(canvas);
        canvas.Scale(size);
        canvas.Translate(placed.X, placed.Y);
        canvas.RotateDegrees(dice.Between(-thing.Turn, thing.Turn));
        canvas.Skew(dice.Between(-0.1f, 0.1f), 0);
        var stretch = dice.Between(0.92f, 1.08f);
        canvas.Scale(placed.Radius * stretch * dice.Sign(), placed.Radius / stretch);
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

    private static void Claim(byte[] places, SKBitmap layer, byte number)
    {
        var bytes = layer.GetPixelSpan();
        for (var i = 0; i < places.Length; i++)
        {
            if (bytes[((i / layer.Width) * layer.RowBytes) + ((i % layer.Width) * 4) + 3] >= 128)
            {
                places[i] = number;
            }
        }
    }
}
