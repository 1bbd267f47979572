namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The generator of Steele, Lea and Flood (OOPSLA 2014), drawn from one number after the other.</summary>
internal sealed class SplitMix(ulong state)
{
    private ulong _state = state;

    /// <summary>The stream of a seed: one number is drawn to begin with.</summary>
    public static SplitMix Of(ulong seed) => new(new SplitMix(seed).Next());

    public ulong Next()
    {
        ulong z = unchecked(_state += 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    public double Uniform() => (Next() >> 11) / (double)(1UL << 53);

    public double Gaussian()
    {
        (double radius, double angle) = (Uniform(), Uniform());
        return Math.Sqrt(-2 * Math.Log(1 - radius)) * Math.Cos(2 * Math.PI * angle);
    }
}
