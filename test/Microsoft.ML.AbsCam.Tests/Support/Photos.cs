using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Photos of the tiny network's size, so that their pixels are its input without any resizing.</summary>
internal static class Photos
{
    /// <summary>Pixels in [-1, 1], no resizing.</summary>
    public static ImagePreprocessing Preprocessing { get; } = new()
    {
        Width = TinyNetwork.Side,
        Height = TinyNetwork.Side,
        Resize = ResizeRule.Squash,
        Mean = [0.5f, 0.5f, 0.5f],
        Std = [0.5f, 0.5f, 0.5f],
    };

    public static MLImage Photo(int number)
    {
        byte[] levels = Levels(number);
        return TestImage.From(TinyNetwork.Side, TinyNetwork.Side, (x, y) => (levels[At(x, y)], levels[At(x, y) + 1], levels[At(x, y) + 2], 255));

        static int At(int x, int y) => 3 * ((y * TinyNetwork.Side) + x);
    }

    /// <summary>What the photo is to the network, made from its levels and not by the library.</summary>
    public static float[] Input(int number)
    {
        byte[] levels = Levels(number);
        return [.. Enumerable.Range(0, TinyNetwork.InputLength).Select(i => (float)(((levels[(3 * (i % TinyNetwork.Pixels)) + (i / TinyNetwork.Pixels)] / 255.0) - 0.5) / 0.5))];
    }

    public static PhotoRow[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new PhotoRow { Image = Photo(i), Target = i % TinyNetwork.Classes })];

    private static byte[] Levels(int number)
    {
        byte[] levels = new byte[TinyNetwork.InputLength];
        new Random(number).NextBytes(levels);
        return levels;
    }
}

internal sealed class PhotoRow
{
    public MLImage? Image { get; set; }

    public int Target { get; set; }
}
