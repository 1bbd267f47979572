namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>All chance in a scene: the same seed and stream give the same throws, on every machine and in every run.</summary>
internal sealed class Dice(int seed, int stream)
{
    private readonly Random _random = new(Scramble(seed, stream));

    public float Between(float low, float high) => low + ((high - low) * _random.NextSingle());

    /// <summary>A whole number, both ends included.</summary>
    public int Whole(int low, int high) => _random.Next(low, high + 1);

    public bool Chance(float probability) => _random.NextSingle() < probability;

    public float Sign() => Chance(0.5f) ? 1 : -1;

    public T Pick<T>(params ReadOnlySpan<T> options) => options[_random.Next(options.Length)];

    // Neighbouring seeds of System.Random begin alike, so seeds are mixed first (the finaliser of SplitMix64).
    private static int Scramble(int seed, int stream)
    {
        var mixed = unchecked(((ulong)(uint)seed * 0x9E3779B97F4A7C15UL) + ((ulong)(uint)stream * 0xD1B54A32D192ED03UL));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        return (int)((mixed ^ (mixed >> 31)) & 0x7FFFFFFF);
    }
}
