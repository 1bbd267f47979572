using System.Buffers.Binary;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A map as a page holds it: a few values, which the page enlarges as overlays do.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">
/// Row by row, in Base64: 16 bits each, low byte first, 0 for <see cref="Lowest"/> and 65535 for <see cref="Highest"/>; of a map of more than <see cref="MostExact"/>
/// places 8 bits each, from 0 to 1, the 256 steps that a screen has.
/// </param>
internal sealed record SmallMap(int Height, int Width, string Values)
{
    /// <summary>A fitted value may lie beyond what a map's can be, so that those between it and its neighbours do not.</summary>
    public const double Lowest = -0.5;

    /// <inheritdoc cref="Lowest"/>
    public const double Highest = 1.5;

    /// <summary>The most places that have 16 bits each.</summary>
    public const int MostExact = 4096;

    /// <param name="values">The values; those beyond the limits are taken for the limits, NaN for 0.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static SmallMap Of(ReadOnlySpan<double> values, int height, int width)
    {
        bool isExact = values.Length <= MostExact;
        byte[] bytes = new byte[values.Length * (isExact ? 2 : 1)];
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.IsNaN(values[i]) ? 0 : values[i];
            if (isExact)
            {
                double share = (Math.Clamp(value, Lowest, Highest) - Lowest) / (Highest - Lowest);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)Math.Round(share * ushort.MaxValue));
            }
            else
            {
                bytes[i] = (byte)Math.Round(Math.Clamp(value, 0, 1) * byte.MaxValue);
            }
        }

        return new SmallMap(height, width, Convert.ToBase64String(bytes));
    }

    /// <summary>The values again.</summary>
    public double[] ToValues()
    {
        byte[] bytes = Convert.FromBase64String(Values);
        return bytes.Length == Height * Width
            ? [.. bytes.Select(level => level / (double)byte.MaxValue)]
            : [.. Enumerable.Range(0, Height * Width).Select(i => (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)) / (double)ushort.MaxValue * (Highest - Lowest)) + Lowest)];
    }
}
