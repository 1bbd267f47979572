namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>A family whose layer is known to the last index.</summary>
/// <param name="Family">The network and its layer.</param>
/// <param name="Height">Rows of the layer's maps.</param>
/// <param name="Width">Columns of the layer's maps.</param>
/// <param name="Channels">How many maps it has.</param>
/// <param name="Tokens">How many tokens it has, places or not; null for a map.</param>
/// <param name="Before">How many tokens come before the first place.</param>
/// <param name="ChannelsFirst">Whether it is [1, channels, height, width]; else channels are the last axis, and places come row by row.</param>
internal sealed record TokenFamily(Family Family, int Height, int Width, int Channels, int? Tokens = null, int Before = 0, bool ChannelsFirst = false)
{
    public static IReadOnlyList<TokenFamily> All { get; } =
        [.. ClassTokenFamilies.All, .. PooledTokenFamilies.All, .. WindowFamilies.All, .. HybridFamilies.All];

    /// <summary>Where in the value of one image a channel of a place lies.</summary>
    public int At(int channel, int row, int column) =>
        ChannelsFirst ? (((channel * Height) + row) * Width) + column : ((Before + (row * Width) + column) * Channels) + channel;
}
