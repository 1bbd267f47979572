namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>Nearest-rank percentiles.</summary>
internal static class Percentiles
{
    public static double Of(double[] sorted, int percent) => sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
}
