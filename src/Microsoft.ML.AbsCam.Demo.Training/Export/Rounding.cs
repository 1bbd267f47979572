using System.Runtime.InteropServices;

namespace Microsoft.ML.AbsCam.Demo.Training.Export;

/// <summary>Fewer digits for weights, so that a package, which is compressed, carries half of them.</summary>
internal static class Rounding
{
    // Of a float's 23 binary places the last 14 become 0: nine places and the implied one are three decimal digits.
    private const int Dropped = 14;

    /// <summary>Rounds to what fits sign, exponent and nine places; the rest of each number's bits are zero.</summary>
    public static void ToEighteenBits(Span<float> numbers)
    {
        foreach (ref var bits in MemoryMarshal.Cast<float, uint>(numbers))
        {
            bits = (bits + (1u << (Dropped - 1))) & ~((1u << Dropped) - 1);
        }
    }
}
