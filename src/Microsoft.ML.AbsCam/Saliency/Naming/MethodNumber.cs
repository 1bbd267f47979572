using System.Numerics;

namespace Microsoft.ML.AbsCam.Saliency.Naming;

/// <summary>Numbers of methods, in their ranges.</summary>
internal static class MethodNumber
{
    /// <exception cref="ArgumentOutOfRangeException">The number is not in the range, or none.</exception>
    public static void Check<T>(T value, T least, T most, string what)
        where T : INumber<T>
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"The {what}: {value} is outside {least} to {most}."));
        }
    }
}
