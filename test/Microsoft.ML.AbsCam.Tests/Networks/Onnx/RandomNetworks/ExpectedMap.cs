namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>A map that is right.</summary>
/// <param name="Values">From 0 to 1, row by row.</param>
/// <param name="Range">The distance of its extremes before it was normalised.</param>
/// <param name="Parts">The largest sum of the absolute values that it is a sum of.</param>
internal sealed record ExpectedMap(float[] Values, double Range, double Parts)
{
    // Of float32, after a network: what is left when large parts cancel is no more certain than the parts.
    private const double Rounding = 3e-6;

    /// <summary>Whether nothing is left but rounding, so that there is no map to compare.</summary>
    public bool IsFlat => Range <= 1e-3 * Parts;

    /// <summary>How far a map in float32 may be off: 1e-4, or more where large parts cancel each other.</summary>
    public double Tolerance => Math.Max(1e-4, Rounding * Parts / Range);
}
