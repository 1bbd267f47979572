namespace Microsoft.ML.AbsCam.Demo.Training.Scenes;

/// <summary>Writes a scene as a network input, moved, zoomed, mirrored, recoloured and partly covered by chance, and its objects' places with it.</summary>
internal sealed class Augmentation(Random random)
{
    private static readonly int Size = DemoNetwork.InputSize;
    private static readonly int Plane = Size * Size;

    /// <summary>The scene as it is.</summary>
    public static void Copy(ReadOnlySpan<byte> planes, Span<float> input)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, std) = (DemoNetwork.Mean[channel], DemoNetwork.Std[channel]);
            for (var i = channel * Plane; i < (channel + 1) * Plane; i++)
            {
                input[i] = ((planes[i] / 255f) - mean) / std;
            }
        }
    }

    /// <summary>Writes the picture, and what is seen at its pixels; nothing is seen where it is covered.</summary>
    public void Write(ReadOnlySpan<byte> planes, ReadOnlySpan<byte> places, Span<float> input, Span<byte> seen)
    {
        var zoom = Between(0.85f, 1.15f);
        var (moveX, moveY) = (Between(-8, 8), Between(-8, 8));
        var mirror = random.Next(2) == 0 ? 1 : -1;
        var brightness = Between(0.8f, 1.2f);
        var offset = Between(-0.08f, 0.08f);
        Span<float> gain = [brightness * Between(0.9f, 1.1f), brightness * Between(0.9f, 1.1f), brightness * Between(0.9f, 1.1f)];
        for (var y = 0; y < Size; y++)
        {
            var (top, down) = Split(((y - (Size / 2f)) * zoom) + (Size / 2f) + moveY);
            for (var x = 0; x < Size; x++)
            {
                var (left, right) = Split((mirror * (x - (Size / 2f)) * zoom) + (Size / 2f) + moveX);
                seen[(y * Size) + x] = places[((down < 0.5f ? top : top + 1) * Size) + (right < 0.5f ? left : left + 1)];
                for (var channel = 0; channel < 3; channel++)
                {
                    var at = (channel * Plane) + (top * Size) + left;
                    var above = planes[at] + ((planes[at + 1] - planes[at]) * right);
                    var below = planes[at + Size] + ((planes[at + Size + 1] - planes[at + Size]) * right);
                    var value = Math.Clamp(((above + ((below - above) * down)) / 255f * gain[channel]) + offset, 0, 1);
                    input[(channel * Plane) + (y * Size) + x] = (value - DemoNetwork.Mean[channel]) / DemoNetwork.Std[channel];
                }
            }
        }

        Cover(input, seen);
    }

    // Saliency methods show the network pictures with parts blanked to the mean; it should have met such pictures.
    private void Cover(Span<float> input, Span<byte> seen)
    {
        var patches = random.Next(2) == 0 ? random.Next(1, 4) : 0;
        for (var i = 0; i < patches; i++)
        {
            var (width, height) = (random.Next(8, 40), random.Next(8, 40));
            var (left, top) = (random.Next(0, Size - width), random.Next(0, Size - height));
            for (var y = top; y < top + height; y++)
            {
                seen.Slice((y * Size) + left, width).Clear();
                for (var channel = 0; channel < 3; channel++)
                {
                    input.Slice((channel * Plane) + (y * Size) + left, width).Clear();
                }
            }
        }
    }

    private static (int Whole, float Part) Split(float position)
    {
        position = Math.Clamp(position, 0, Size - 1.001f);
        var whole = Math.Min((int)position, Size - 2);
        return (whole, position - whole);
    }

    private float Between(float low, float high) => low + ((high - low) * random.NextSingle());
}
