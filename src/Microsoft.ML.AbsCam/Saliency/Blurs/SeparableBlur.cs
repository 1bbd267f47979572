using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Saliency.Blurs;

/// <summary>A blur by a kernel that is a product of its axes: along columns first, then along rows.</summary>
/// <param name="down">The weights along a column, an odd number.</param>
/// <param name="across">The weights along a row, an odd number.</param>
/// <param name="reflects">Whether the image goes on beyond its border as in a mirror (… c b | a b c …), or is 0 there.</param>
internal sealed class SeparableBlur(float[] down, float[] across, bool reflects)
{
    /// <param name="image">Planes [H,W], one after the other.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="blurred">As many values, overwritten.</param>
    public void Fill(ReadOnlySpan<float> image, int height, int width, Span<float> blurred)
    {
        float[] mixed = new float[width];
        float[] padded = new float[width + across.Length - 1];
        int plane = height * width;
        for (int channel = 0; channel < image.Length; channel += plane)
        {
            ReadOnlySpan<float> from = image.Slice(channel, plane);
            for (int y = 0; y < height; y++)
            {
                MixRows(from, y, height, width, mixed);
                Pad(mixed, padded);
                Span<float> row = blurred.Slice(channel + (y * width), width);
                row.Clear();
                for (int k = 0; k < across.Length; k++)
                {
                    TensorPrimitives.MultiplyAdd(padded.AsSpan(k, width), across[k], row, row);
                }
            }
        }
    }

    private void MixRows(ReadOnlySpan<float> plane, int y, int height, int width, Span<float> mixed)
    {
        mixed.Clear();
        for (int k = 0; k < down.Length; k++)
        {
            int row = Place(y + k - (down.Length / 2), height);
            if (row >= 0)
            {
                TensorPrimitives.MultiplyAdd(plane.Slice(row * width, width), down[k], mixed, mixed);
            }
        }
    }

    private void Pad(ReadOnlySpan<float> row, Span<float> padded)
    {
        for (int x = 0; x < padded.Length; x++)
        {
            int place = Place(x - (across.Length / 2), row.Length);
            padded[x] = place >= 0 ? row[place] : 0;
        }
    }

    /// <summary>Where the value beyond the border comes from; -1 for nowhere. The border itself is not repeated, and a small image is mirrored again and again.</summary>
    private int Place(int at, int size)
    {
        if ((uint)at < (uint)size)
        {
            return at;
        }

        if (!reflects)
        {
            return -1;
        }

        int period = Math.Max(2 * (size - 1), 1);
        int folded = ((at % period) + period) % period;
        return folded < size ? folded : period - folded;
    }
}
