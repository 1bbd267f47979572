using System.Globalization;
using System.Text;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Writes the table, the curves and the rows as CSV, and the table as Markdown.</summary>
internal static class ComparisonFiles
{
    public const string Table = "comparison.csv";
    public const string Curves = "curves.csv";
    public const string Rows = "rows.csv";
    public const string Classes = "classes.csv";
    public const string Markdown = "comparison.md";

    public static void Write(string folder, ComparisonSettings settings, Comparison comparison)
    {
        WriteCsv(Path.Combine(folder, Table), ["method", "measure", "protocol", "mean", "lower", "upper", "rows", "unmeasured"], TableLines(comparison));
        WriteCsv(Path.Combine(folder, Curves), ["method", "measure", "share", "probability"], CurveLines(comparison));
        WriteCsv(Path.Combine(folder, Rows), ["image", "method", "target", "label", "probability", .. settings.Measures.Select(measure => measure.Name), "reason"], RowLines(settings, comparison));
        WriteCsv(Path.Combine(folder, Classes), ["class", "label", "method", "measure", "mean", "lower", "upper", "rows"], ClassLines(settings, comparison));
        AtomicFile.Write(Path.Combine(folder, Markdown), file => file.Write(Encoding.UTF8.GetBytes(MarkdownOf(comparison))));
    }

    /// <summary>Takes an earlier comparison's files away.</summary>
    public static void Forget(string folder)
    {
        foreach (string name in (string[])[Table, Curves, Rows, Classes, Markdown, ComparisonPage.FileName])
        {
            File.Delete(Path.Combine(folder, name));
        }
    }

    private static IEnumerable<string[]> TableLines(Comparison comparison)
    {
        foreach (ComparisonLine line in comparison.Lines)
        {
            foreach (TableCell cell in line.Cells)
            {
                yield return [line.Name, cell.Name, cell.Protocol, Text(cell.Mean), Text(cell.Lower), Text(cell.Upper), Text(cell.Count), Text(cell.Unmeasured)];
            }

            yield return [line.Name, "forwards", "images through the network for a map, mean", Text(line.MapForwards), "", "", Text(line.Entries.Count), "0"];
            yield return [line.Name, "milliseconds", "time for a map, mean", Text(line.Milliseconds), "", "", Text(line.Entries.Count), "0"];
        }
    }

    private static IEnumerable<string[]> CurveLines(Comparison comparison)
        => from line in comparison.Lines
           from result in line.Metrics.Measures
           let curve = result.Curve
           where curve is not null
           from point in curve.Shares.Zip(curve.Probabilities)
           select (string[])[line.Name, result.Measure.Name, Text(point.First), Text(point.Second)];

    private static IEnumerable<string[]> RowLines(ComparisonSettings settings, Comparison comparison)
        => from line in comparison.Lines
           from entry in line.Entries
           select (string[])
           [
               entry.Image,
               line.Name,
               entry.Target < 0 ? "" : Text(entry.Target),
               Label(settings, entry.Target),
               entry.Probability is float probability ? Text(probability) : "",
               .. entry.Values.Select(value => value is double number ? Text(number) : ""),
               string.Join("; ", entry.Reasons.OfType<string>().Distinct()),
           ];

    private static IEnumerable<string[]> ClassLines(ComparisonSettings settings, Comparison comparison)
        => ClassTable.Lines(comparison).Select(line => (string[])
            [Text(line.Target), Label(settings, line.Target), line.Method, line.Measure, Text(line.Mean), Text(line.Lower), Text(line.Upper), Text(line.Count)]);

    private static string Label(ComparisonSettings settings, int target) => target >= 0 && target < settings.Options.Labels?.Count ? settings.Options.Labels[target] : "";

    private static string MarkdownOf(Comparison comparison)
    {
        var text = new StringBuilder();
        IReadOnlyList<TableCell> cells = comparison.Lines[0].Cells;
        text.AppendLine(CultureInfo.InvariantCulture, $"| method | {string.Join(" | ", cells.Select(ComparisonText.Heading))} | forwards |");
        text.AppendLine($"|---|{string.Concat(cells.Select(_ => "---|"))}---|");
        foreach (ComparisonLine line in comparison.Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {line.Name} | {string.Join(" | ", line.Cells.Select(cell => ComparisonText.Cell(cell, " ")))} | {ComparisonText.Cost(line.MapForwards)} |");
        }

        return text.ToString();
    }

    private static string Text(double value) => double.IsFinite(value) ? value.ToString("0.######", CultureInfo.InvariantCulture) : "";

    private static void WriteCsv(string path, string[] header, IEnumerable<string[]> lines) => AtomicFile.Write(path, file => WriteCsv(file, header, lines));

    private static void WriteCsv(Stream file, string[] header, IEnumerable<string[]> lines)
    {
        using var csv = new CsvLines(file);
        foreach (string[] line in lines.Prepend(header))
        {
            csv.Add(line);
        }
    }
}
