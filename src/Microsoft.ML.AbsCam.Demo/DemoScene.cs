using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>A picture with one object in it, of which every pixel is known.</summary>
public sealed class DemoScene
{
    private readonly byte[] _pixels;
    private readonly bool[] _mask;

    internal DemoScene(int seed, int classIndex, string textureName, int width, int height, byte[] pixels, bool[] mask)
    {
        Seed = seed;
        ClassIndex = classIndex;
        TextureName = textureName;
        Width = width;
        Height = height;
        _pixels = pixels;
        _mask = mask;
    }

    /// <summary>The seed that everything in the picture was thrown from.</summary>
    public int Seed { get; }

    /// <summary>The class of the object, an index into <see cref="DemoNetwork.Classes"/>.</summary>
    public int ClassIndex { get; }

    /// <summary>The name of the object's class.</summary>
    public string ClassName => DemoNetwork.Classes[ClassIndex];

    /// <summary>What the object lies on, one of <see cref="DemoScenes.Textures"/>.</summary>
    public string TextureName { get; }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue and alpha (always 255) of every pixel, row by row without padding.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Whether a pixel belongs to the object (at least half of it; the shadow does not), row by row.</summary>
    public ReadOnlyMemory<bool> Mask => _mask;

    /// <summary>The picture as a new bitmap, which the caller disposes of.</summary>
    /// <returns>A bitmap of the colour type RGBA 8888.</returns>
    public SKBitmap ToBitmap() => Png.ToBitmap(_pixels, Width, Height);

    /// <summary>The picture as a PNG file.</summary>
    /// <returns>The bytes of the file.</returns>
    public byte[] EncodePng() => Png.Encode(_pixels, Width, Height);

    /// <summary>The object as a PNG file: white on black, of the picture's size.</summary>
    /// <returns>The bytes of the file.</returns>
    public byte[] EncodeMaskPng() => Png.Encode(_mask, Width, Height);
}
