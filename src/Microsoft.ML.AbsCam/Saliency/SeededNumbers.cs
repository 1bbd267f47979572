namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// Random numbers that depend on a seed and a place alone (SplitMix64): the same on every machine, in every order, and
/// without the process's own random state.
/// </summary>
internal readonly struct SeededNumbers(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly ulong _start = Mix(seed + Step);

    /// <summary>Uniform in [0,1).</summary>
    public double Uniform(long place) => (Mix(unchecked(_start + (((ulong)place + 1) * Step))) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Gaussian with mean 0 and deviation 1 (Box and Muller).</summary>
    public double Gaussian(long place) => Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * place))) * Math.Cos(2 * Math.PI * Uniform((2 * place) + 1));

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
