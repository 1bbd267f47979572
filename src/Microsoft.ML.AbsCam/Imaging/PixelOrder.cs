using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Where a 32-bit pixel keeps its colours, in bytes from its start. Alpha is the fourth byte in both formats.</summary>
internal readonly record struct PixelOrder(int Red, int Green, int Blue)
{
    public const int Bytes = 4;

    public const int Alpha = 3;

    public static PixelOrder Of(MLImage image) => image.PixelFormat switch
    {
        MLPixelFormat.Bgra32 => new(2, 1, 0),
        MLPixelFormat.Rgba32 => new(0, 1, 2),
        var other => throw new NotSupportedException($"An image of pixel format {other} cannot be read; expected Bgra32 or Rgba32."),
    };
}
