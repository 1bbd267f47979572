namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Colour maps as 256 RGB triples, interpolated between evenly spaced anchors.</summary>
/// <remarks>
/// The anchors are colours of the published maps: inferno, magma and viridis (matplotlib, in the public domain), turbo (Google).
/// A straight line in sRGB between neighbours keeps lightness rising and stays within a few levels of the originals.
/// </remarks>
internal static class ColorTable
{
    public const int Length = 256;

    private static readonly byte[] Inferno = Expand(0x000004, 0x1b0c41, 0x4a0c6b, 0x781c6d, 0xa52c60, 0xcf4446, 0xed6925, 0xfb9b06, 0xf7d13d, 0xfcffa4);
    private static readonly byte[] Magma = Expand(0x000004, 0x180f3d, 0x440f76, 0x721f81, 0x9e2f7f, 0xcd4071, 0xf1605d, 0xfd9668, 0xfeca8d, 0xfcfdbf);
    private static readonly byte[] Viridis = Expand(0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725);

    private static readonly byte[] Turbo = Expand(
        0x30123b, 0x4145ab, 0x4675ed, 0x39a2fc, 0x1bcfd4, 0x24eca6, 0x61fc6c, 0xa4fc3b, 0xd1e834, 0xf3c63a, 0xfe9b2d, 0xf36315, 0xd93806, 0xb11901, 0x7a0402);

    /// <summary>Red, green and blue of value 0, then of 1/255, and so on.</summary>
    public static ReadOnlySpan<byte> Of(ColorMap map) => map switch
    {
        ColorMap.Inferno => Inferno,
        ColorMap.Magma => Magma,
        ColorMap.Viridis => Viridis,
        ColorMap.Turbo => Turbo,
        _ => throw new ArgumentOutOfRangeException(nameof(map), map, "Expected Inferno, Magma, Viridis or Turbo."),
    };

    private static byte[] Expand(params ReadOnlySpan<int> anchors)
    {
        var table = new byte[3 * Length];
        for (var i = 0; i < Length; i++)
        {
            var position = (double)i * (anchors.Length - 1) / (Length - 1);
            var before = Math.Min((int)position, anchors.Length - 2);
            for (var channel = 0; channel < 3; channel++)
            {
                var shift = 16 - 8 * channel;
                var from = anchors[before] >> shift & 0xff;
                var to = anchors[before + 1] >> shift & 0xff;
                table[3 * i + channel] = (byte)Math.Round(from + (to - from) * (position - before));
            }
        }

        return table;
    }
}
