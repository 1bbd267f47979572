namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>What the numbers of a file are.</summary>
internal enum TwinNumbers
{
    Float,

    /// <summary>The image is raw bytes, which a cast turns to float.</summary>
    ByteImage,

    /// <summary>Weights are stored as float16, each with a cast behind it.</summary>
    HalfWeights,

    Double,
}

/// <summary>How a network is written down, whatever it computes.</summary>
/// <param name="Opset">The operator set.</param>
/// <param name="ChannelsLast">Whether maps are [batch, height, width, channels].</param>
/// <param name="Numbers">The element types.</param>
internal sealed record TwinStyle(int Opset, bool ChannelsLast, TwinNumbers Numbers)
{
    public int HeightAxis => ChannelsLast ? 1 : 2;

    public int ChannelAxis => ChannelsLast ? 3 : 1;

    public static TwinStyle Draw(Random random) => new(
        Any(random, 13, 17, 18, 20),
        random.Next(3) == 0,
        Any(random, TwinNumbers.Float, TwinNumbers.Float, TwinNumbers.Float, TwinNumbers.ByteImage, TwinNumbers.HalfWeights, TwinNumbers.Double));

    public static T Any<T>(Random random, params T[] items) => items[random.Next(items.Length)];
}
