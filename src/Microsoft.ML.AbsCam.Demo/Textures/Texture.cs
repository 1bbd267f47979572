using Microsoft.ML.AbsCam.Demo.Clutter;
using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Textures;

/// <summary>The ground of a scene, in coordinates where the shorter side of the picture is 1.</summary>
internal abstract class Texture
{
    public abstract string Name { get; }

    /// <summary>What may lie about on it.</summary>
    public abstract IReadOnlyList<ClutterItem> Clutter { get; }

    /// <summary>Covers the whole bitmap; the brush draws on the same bitmap.</summary>
    public abstract void Paint(SKBitmap bitmap, Brush brush, Dice dice);

    protected static (float Width, float Height) Extent(SKBitmap bitmap)
    {
        float shorter = Math.Min(bitmap.Width, bitmap.Height);
        return (bitmap.Width / shorter, bitmap.Height / shorter);
    }
}
