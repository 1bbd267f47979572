using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>How numbers read, alike in every table.</summary>
internal static class ComparisonText
{
    /// <summary>The measure with an arrow towards the better, where it ranks methods.</summary>
    public static string Heading(TableCell cell) => cell.SaysLittle is not null ? $"{cell.Name} (no rank)" : $"{cell.Name} {(cell.IsHigherBetter ? '\u2191' : '\u2193')}";

    /// <summary>The mean alone, marked where rows are missing.</summary>
    public static string Mean(TableCell result) => result.Count == 0 ? "\u2013" : string.Create(CultureInfo.InvariantCulture, $"{result.Mean:0.000}{(result.Unmeasured > 0 ? "*" : "")}");

    /// <summary>Mean, interval where there is one, and how many rows where some are missing.</summary>
    public static string Cell(TableCell result, string separator) => result.Count == 0
        ? "\u2013"
        : string.Create(CultureInfo.InvariantCulture, $"{result.Mean:0.000}{(double.IsNaN(result.Lower) ? "" : $"{separator}{Interval(result)}")}{(result.Unmeasured > 0 ? $"{separator}n={result.Count}" : "")}");

    private static string Interval(TableCell result) => string.Create(CultureInfo.InvariantCulture, $"[{result.Lower:0.000}, {result.Upper:0.000}]");

    public static string Cost(double forwards) => double.IsFinite(forwards) ? forwards.ToString(forwards < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) : "\u2013";
}
