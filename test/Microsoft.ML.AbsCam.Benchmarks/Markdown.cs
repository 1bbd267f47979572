using System.Globalization;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>Prints sections of docs/understand/performance.md.</summary>
internal static class Markdown
{
    public static void Heading(string text) => Console.WriteLine($"\n## {text}\n");

    public static void Text(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    public static void Header(params string[] columns)
    {
        Row(columns);
        Row([.. columns.Select((_, i) => i == 0 ? "---" : "---:")]);
    }

    public static void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
