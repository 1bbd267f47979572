using Microsoft.ML.AbsCam.Demo;

namespace Microsoft.ML.AbsCam.Tests.Demo;

/// <summary>A drawn picture as the demo's networks take it: shrunk by a triangle filter as wide as the scale, then normalised.</summary>
internal static class DemoInput
{
    public const int Length = 3 * 112 * 112;

    /// <summary>Red, green and blue planes [3,size,size] of a square picture of RGBA pixels.</summary>
    public static float[] Of(ReadOnlySpan<byte> pixels, int from)
    {
        int size = DemoNetwork.InputSize;
        var input = new float[Length];
        (int Index, float Weight)[][] taps = Taps(from, size);
        Span<float> colour = stackalloc float[3];
        for (int at = 0; at < size * size; at++)
        {
            colour.Clear();
            foreach ((int row, float down) in taps[at / size])
            {
                foreach ((int column, float across) in taps[at % size])
                {
                    for (int channel = 0; channel < 3; channel++)
                    {
                        colour[channel] += down * across * pixels[(((row * from) + column) * 4) + channel];
                    }
                }
            }

            for (int channel = 0; channel < 3; channel++)
            {
                input[(channel * size * size) + at] = ((colour[channel] / 255) - DemoNetwork.Mean[channel]) / DemoNetwork.Std[channel];
            }
        }

        return input;
    }

    private static (int Index, float Weight)[][] Taps(int from, int to)
    {
        float scale = from / (float)to;
        return [.. Enumerable.Range(0, to).Select(i =>
        {
            float centre = (i + 0.5f) * scale;
            (int Index, float Weight)[] near = [.. Enumerable.Range(0, from)
                .Select(j => (Index: j, Weight: Math.Max(0, 1 - (Math.Abs(j + 0.5f - centre) / scale))))
                .Where(tap => tap.Weight > 0)];
            float sum = near.Sum(tap => tap.Weight);
            return Array.ConvertAll(near, tap => (tap.Index, tap.Weight / sum));
        })];
    }
}
