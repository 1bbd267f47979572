namespace Microsoft.ML.AbsCam.Demo.Training.Scenes;

/// <summary>Antialiased bilinear shrinking of a square picture: a triangle filter as wide as the scale, weights summing to one, rounded to bytes.</summary>
internal sealed class Shrink(int from, int to)
{
    private readonly (int First, float[] Weights)[] _taps = Taps(from, to);

    /// <summary>From interleaved RGBA to planes of red, green and blue.</summary>
    public byte[] Planes(ReadOnlySpan<byte> rgba)
    {
        var planes = new byte[3 * to * to];
        var wide = new float[from * to];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < from; y++)
            {
                for (var x = 0; x < to; x++)
                {
                    var (first, weights) = _taps[x];
                    float sum = 0;
                    for (var i = 0; i < weights.Length; i++)
                    {
                        sum += weights[i] * rgba[(((y * from) + first + i) * 4) + channel];
                    }

                    wide[(y * to) + x] = sum;
                }
            }

            for (var y = 0; y < to; y++)
            {
                var (first, weights) = _taps[y];
                for (var x = 0; x < to; x++)
                {
                    float sum = 0;
                    for (var i = 0; i < weights.Length; i++)
                    {
                        sum += weights[i] * wide[((first + i) * to) + x];
                    }

                    planes[(((channel * to) + y) * to) + x] = (byte)Math.Clamp(sum + 0.5f, 0, 255);
                }
            }
        }

        return planes;
    }

    private static (int, float[])[] Taps(int from, int to)
    {
        var scale = from / (double)to;
        var reach = Math.Max(scale, 1);
        var taps = new (int, float[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - reach + 0.5), 0);
            var last = Math.Min((int)(centre + reach + 0.5), from);
            var weights = new double[last - first];
            for (var j = 0; j < weights.Length; j++)
            {
                weights[j] = Math.Max(0, 1 - Math.Abs((first + j + 0.5 - centre) / reach));
            }

            var sum = weights.Sum();
            taps[i] = (first, Array.ConvertAll(weights, weight => (float)(weight / sum)));
        }

        return taps;
    }
}
