using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>A blur by a kernel that is a product of its axes: rows first, then columns.</summary>
/// <param name="Text">What it is, in words.</param>
/// <param name="Reflects">Whether the image goes on beyond its border as in a mirror (… c b | a b c …), or is 0 there.</param>
/// <param name="Kernel">The weights along one axis, an odd number.</param>
internal sealed record BlurSubstrate(string Text, bool Reflects, float[] Kernel) : ImageSubstrate
{
    public bool Equals(BlurSubstrate? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    internal override void Fill(ReadOnlySpan<float> image, int height, int width, Span<float> substrate)
    {
        float[] mixed = new float[width];
        float[] padded = new float[width + Kernel.Length - 1];
        int plane = height * width;
        for (int channel = 0; channel < image.Length; channel += plane)
        {
            ReadOnlySpan<float> from = image.Slice(channel, plane);
            for (int y = 0; y < height; y++)
            {
                MixRows(from, y, height, width, mixed);
                Pad(mixed, padded);
                Span<float> row = substrate.Slice(channel + (y * width), width);
                row.Clear();
                for (int k = 0; k < Kernel.Length; k++)
                {
                    TensorPrimitives.MultiplyAdd(padded.AsSpan(k, width), Kernel[k], row, row);
                }
            }
        }
    }

    private void MixRows(ReadOnlySpan<float> plane, int y, int height, int width, Span<float> mixed)
    {
        mixed.Clear();
        for (int k = 0; k < Kernel.Length; k++)
        {
            int row = Place(y + k - (Kernel.Length / 2), height);
            if (row >= 0)
            {
                TensorPrimitives.MultiplyAdd(plane.Slice(row * width, width), Kernel[k], mixed, mixed);
            }
        }
    }

    private void Pad(ReadOnlySpan<float> row, Span<float> padded)
    {
        for (int x = 0; x < padded.Length; x++)
        {
            int place = Place(x - (Kernel.Length / 2), row.Length);
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

        if (!Reflects)
        {
            return -1;
        }

        int period = Math.Max(2 * (size - 1), 1);
        int folded = ((at % period) + period) % period;
        return folded < size ? folded : period - folded;
    }
}
