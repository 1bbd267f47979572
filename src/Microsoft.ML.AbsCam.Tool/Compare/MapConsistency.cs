using System.Runtime.InteropServices;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>The measure of a class's maps beside those of other classes: no row has it, so it is summed up at the end, from what the journal keeps of each map.</summary>
internal static class MapConsistency
{
    public const string Name = "consistency";

    private const string Protocol = "correlation of two maps of a class less that of maps of two classes, over 16 x 16 places, mean over classes, which its rows count";
    private const string NoRank = "it tells how much maps depend on the class, and neither end is better";

    public static TableCell Cell(SaliencyMetrics metrics) => metrics.ClassConsistency?.Consistency is { } mean
        ? new TableCell(Name, Protocol, true, mean.Mean, mean.Lower, mean.Upper, mean.Count, 0, NoRank)
        : new TableCell(Name, Protocol, true, double.NaN, double.NaN, double.NaN, 0, 0, NoRank);

    /// <summary>A map's pattern as a journal keeps it: 16 bits a place, in Base64.</summary>
    public static string? ToText(IReadOnlyList<float>? pattern)
        => pattern is null ? null : Convert.ToBase64String(MemoryMarshal.AsBytes<Half>(pattern.Select(value => (Half)value).ToArray()));

    public static IReadOnlyList<float>? ToPattern(string? text)
        => text is null ? null : [.. MemoryMarshal.Cast<byte, Half>(Convert.FromBase64String(text)).ToArray().Select(value => (float)value)];
}
