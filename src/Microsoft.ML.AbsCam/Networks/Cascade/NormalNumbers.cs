namespace Microsoft.ML.AbsCam.Networks.Cascade;

/// <summary>Normal numbers by Box and Muller from a generator of its own; the process's random numbers are left alone.</summary>
internal sealed class NormalNumbers
{
    private readonly Random _random;

    /// <param name="seed">The user's.</param>
    /// <param name="stream">Which of the independent streams of that seed.</param>
    public NormalNumbers(int seed, int stream)
    {
        // Neighbouring seeds and streams are spread over all seeds.
        ulong mixed = ((ulong)(uint)seed << 32) + (uint)stream;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        _random = new Random((int)(mixed >> 33));
    }

    /// <summary>Overwrites trained values with numbers of mean 0 and the values' own standard deviation.</summary>
    public void Replace(Span<float> trained)
    {
        double deviation = DeviationOf(trained);
        for (int i = 0; i < trained.Length; i += 2)
        {
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * _random.NextDouble());
            trained[i] = (float)(radius * cosine);
            if (i + 1 < trained.Length)
            {
                trained[i + 1] = (float)(radius * sine);
            }
        }
    }

    private static double DeviationOf(ReadOnlySpan<float> values)
    {
        double sum = 0;
        double squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / Math.Max(values.Length, 1));
    }
}
