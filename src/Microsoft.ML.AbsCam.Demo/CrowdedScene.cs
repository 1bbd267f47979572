using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>A picture with several objects in it, of which every box and every pixel is known.</summary>
public sealed class CrowdedScene
{
    private readonly byte[] _pixels;
    private readonly byte[] _places;

    internal CrowdedScene(int seed, string textureName, int size, byte[] pixels, byte[] places, IReadOnlyList<CrowdedObject> objects)
    {
        (Seed, TextureName, Size, Objects) = (seed, textureName, size, objects);
        (_pixels, _places) = (pixels, places);
    }

    /// <summary>The seed that everything in the picture was thrown from.</summary>
    public int Seed { get; }

    /// <summary>What the objects lie on, one of <see cref="DemoScenes.Textures"/>.</summary>
    public string TextureName { get; }

    /// <summary>Columns of the picture, and its rows.</summary>
    public int Size { get; }

    /// <summary>The objects, in the order in which they were painted: later ones may cover a little of earlier ones.</summary>
    public IReadOnlyList<CrowdedObject> Objects { get; }

    /// <summary>Red, green, blue and alpha (always 255) of every pixel, row by row without padding.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The object that is seen at a pixel, row by row: 0 is none, <c>i + 1</c> is <c>Objects[i]</c>. A shadow belongs to no object.</summary>
    public ReadOnlyMemory<byte> Places => _places;

    /// <summary>Where one object is seen.</summary>
    /// <param name="index">The object, an index into <see cref="Objects"/>.</param>
    /// <returns>A value a pixel, row by row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public bool[] MaskOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Objects.Count);
        return Array.ConvertAll(_places, place => place == index + 1);
    }

    /// <summary>Where objects of one class are seen; all false where there is none of it.</summary>
    /// <param name="classIndex">The class, an index into <see cref="DemoNetwork.Classes"/>.</param>
    /// <returns>A value a pixel, row by row.</returns>
    public bool[] MaskOfClass(int classIndex) => Array.ConvertAll(_places, place => place > 0 && Objects[place - 1].ClassIndex == classIndex);

    /// <summary>The picture as a new bitmap, which the caller disposes of.</summary>
    /// <returns>A bitmap of the colour type RGBA 8888.</returns>
    public SKBitmap ToBitmap() => Png.ToBitmap(_pixels, Size, Size);

    /// <summary>The picture as a PNG file.</summary>
    /// <returns>The bytes of the file.</returns>
    public byte[] EncodePng() => Png.Encode(_pixels, Size, Size);

    /// <summary>One object as a PNG file: white on black, of the picture's size.</summary>
    /// <param name="index">The object, an index into <see cref="Objects"/>.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public byte[] EncodeMaskPng(int index) => Png.Encode(MaskOf(index), Size, Size);

    /// <summary>All objects of one class as a PNG file: white on black, of the picture's size.</summary>
    /// <param name="classIndex">The class, an index into <see cref="DemoNetwork.Classes"/>.</param>
    /// <returns>The bytes of the file.</returns>
    public byte[] EncodeClassMaskPng(int classIndex) => Png.Encode(MaskOfClass(classIndex), Size, Size);
}
