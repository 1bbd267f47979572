using Microsoft.ML.AbsCam.Demo.Drawing;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>A picture with one object that has a twin: a second picture that is the same but for one part of the object.</summary>
public sealed class TwinScene
{
    private readonly byte[] _pixels;
    private readonly bool[] _mask;
    private readonly Lazy<bool[]> _difference;

    internal TwinScene(int seed, int classIndex, int size, byte[] pixels, bool[] mask, Func<bool[]> difference)
    {
        (Seed, ClassIndex, Size) = (seed, classIndex, size);
        (_pixels, _mask, _difference) = (pixels, mask, new Lazy<bool[]>(difference));
    }

    /// <summary>The seed that everything in the picture was thrown from.</summary>
    public int Seed { get; }

    /// <summary>The class of the object, an index into <see cref="TwinScenes.ClassNames"/>.</summary>
    public int ClassIndex { get; }

    /// <summary>The class that the picture would have with the twin's part: the one to contrast with.</summary>
    public int TwinClassIndex => TwinScenes.TwinOf(ClassIndex);

    /// <summary>The name of the object's class.</summary>
    public string ClassName => TwinScenes.ClassNames[ClassIndex];

    /// <summary>Columns of the picture, and its rows.</summary>
    public int Size { get; }

    /// <summary>Red, green, blue and alpha (always 255) of every pixel, row by row without padding.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Whether a pixel belongs to the object, its part included, row by row.</summary>
    public ReadOnlyMemory<bool> Mask => _mask;

    /// <summary>Whether the picture and its twin differ at a pixel, by more than a sixteenth of the range in some colour: both parts, and what they shade. The twin is drawn when this is first asked for.</summary>
    public ReadOnlyMemory<bool> Difference => _difference.Value;

    /// <summary>The picture as a new bitmap, which the caller disposes of.</summary>
    /// <returns>A bitmap of the colour type RGBA 8888.</returns>
    public SKBitmap ToBitmap() => Png.ToBitmap(_pixels, Size, Size);

    /// <summary>The picture as a PNG file.</summary>
    /// <returns>The bytes of the file.</returns>
    public byte[] EncodePng() => Png.Encode(_pixels, Size, Size);

    /// <summary>Where the picture and its twin differ, as a PNG file: white on black, of the picture's size.</summary>
    /// <returns>The bytes of the file.</returns>
    public byte[] EncodeDifferencePng() => Png.Encode(_difference.Value, Size, Size);
}
