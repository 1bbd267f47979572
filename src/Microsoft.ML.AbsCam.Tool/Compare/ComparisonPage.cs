using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Writes the comparison as one page that needs no network: table, curves, then a row a photo with the methods side by side.</summary>
internal static class ComparisonPage
{
    public const string FileName = ResultNames.Page;

    /// <summary>The longer side of a picture, in pixels.</summary>
    public const int LongerSide = 224;

    public static void Write(string folder, ComparisonSettings settings, Comparison comparison)
    {
        using var file = new AtomicFile(Path.Combine(folder, FileName));
        using (var page = new StreamWriter(file.Stream, new UTF8Encoding(false), leaveOpen: true))
        {
            string html = EmbeddedText.Read("report/comparison.html");
            foreach (string part in html.Split("{{", StringSplitOptions.None))
            {
                int end = part.IndexOf("}}", StringComparison.Ordinal);
                if (end < 0)
                {
                    page.Write(part);
                    continue;
                }

                WritePart(page, part[..end], settings, comparison);
                page.Write(part[(end + 2)..]);
            }
        }

        file.Complete(FileName);
    }

    private static void WritePart(StreamWriter page, string name, ComparisonSettings settings, Comparison comparison)
    {
        switch (name)
        {
            case "css":
                page.Write(EmbeddedText.Read("report/page.css"));
                break;
            case "title":
                page.Write(string.Create(CultureInfo.InvariantCulture, $"{comparison.Lines.Count} methods on {Html(settings.Network.Name)}"));
                break;
            case "summary":
                page.Write(Summary(settings));
                break;
            case "table":
                WriteTable(page, comparison);
                break;
            case "plots":
                WritePlots(page, comparison);
                break;
            case "heads":
                page.Write(string.Concat(comparison.Lines.Select(line => $"<th scope=\"col\">{Html(line.Name)}</th>")));
                break;
            case "photos":
                WritePhotos(page, settings, comparison);
                break;
            case "facts":
                page.Write(string.Concat(Facts(settings, comparison).Select(fact => $"<div><dt>{Html(fact.Name)}</dt><dd>{Html(fact.Value)}</dd></div>\n")));
                break;
            case "troubles":
                WriteTroubles(page, comparison);
                break;
        }
    }

    private static string Summary(ComparisonSettings settings)
    {
        int shown = Math.Min(settings.Shown, settings.Files.Count);
        string photos = settings.Files.Count == 1 ? "One photo" : string.Create(CultureInfo.InvariantCulture, $"{settings.Files.Count} photos");
        return Html($"{photos} went through a network, and each method said {QuestionText.Shown(settings.Target.Kind, settings.Network.Task)}. The measures below put every method to the same tests. {(shown < settings.Files.Count ? $"The first {shown} photos are shown." : "All photos are shown.")}");
    }

    private static void WriteTable(StreamWriter page, Comparison comparison)
    {
        TableCell[][] columns = [.. Enumerable.Range(0, comparison.Lines[0].Cells.Count).Select(i => comparison.Lines.Select(line => line.Cells[i]).ToArray())];
        page.Write("<thead><tr><th scope=\"col\">method</th>");
        foreach (TableCell[] column in columns)
        {
            TableCell measure = column[0];
            page.Write($"<th scope=\"col\" title=\"{Html(measure.Protocol)}\">{Html(measure.Name)}<span>{(measure.SaysLittle is not null ? "no rank" : measure.IsHigherBetter ? "higher is better" : "lower is better")}</span></th>");
        }

        page.Write("<th scope=\"col\">forwards<span>a map, mean</span></th></tr></thead><tbody>\n");
        for (int i = 0; i < comparison.Lines.Count; i++)
        {
            ComparisonLine line = comparison.Lines[i];
            page.Write($"<tr><th scope=\"row\">{Html(line.Name)}</th>");
            foreach (TableCell[] column in columns)
            {
                page.Write($"<td{(IsBest(column[i], column) ? " class=\"best\"" : "")}>{CellHtml(column[i])}</td>");
            }

            page.Write($"<td>{Html(ComparisonText.Cost(line.MapForwards))}</td></tr>\n");
        }

        page.Write("</tbody>");
    }

    /// <summary>Whether no other mean is better, and some is worse, as far as the table shows.</summary>
    private static bool IsBest(TableCell result, TableCell[] column)
    {
        double[] means = [.. column.Where(other => other.Count > 0).Select(other => Math.Round(other.Mean, 3))];
        return result.SaysLittle is null && result.Count > 0 && means.Max() > means.Min() && Math.Round(result.Mean, 3) == (result.IsHigherBetter ? means.Max() : means.Min());
    }

    private static string CellHtml(TableCell result) => result.Count == 0
        ? "\u2013"
        : string.Create(CultureInfo.InvariantCulture, $"<b>{result.Mean:0.000}</b><span>{result.Lower:0.000} \u2013 {result.Upper:0.000}</span>{(result.Unmeasured > 0 ? $"<span>{result.Count} rows</span>" : "")}");

    private static void WritePlots(StreamWriter page, Comparison comparison)
    {
        for (int i = 0; i < comparison.Lines[0].Metrics.Measures.Count; i++)
        {
            var curves = comparison.Lines.Select(line => (line.Name, line.Metrics.Measures[i].Curve)).Where(pair => pair.Curve is not null).Select(pair => (pair.Name, pair.Curve!)).ToArray();
            if (curves.Length > 0)
            {
                SaliencyMeasure measure = comparison.Lines[0].Metrics.Measures[i].Measure;
                page.Write($"<figure><figcaption><b>{Html(char.ToUpperInvariant(measure.Name[0]) + measure.Name[1..])}</b> {(measure.IsHigherBetter ? "The faster a curve rises, the better its method found what the class needs." : "The faster a curve falls, the better its method found what the class needs.")}</figcaption>{CurvePlot.Svg(measure, curves)}{CurvePlot.Legend(curves.Select(curve => curve.Name))}</figure>\n");
            }
        }
    }

    private static void WritePhotos(StreamWriter page, ComparisonSettings settings, Comparison comparison)
    {
        for (int row = 0; row < Math.Min(settings.Shown, settings.Files.Count); row++)
        {
            JournalEntry any = comparison.Lines[0].Entries[row];
            string? label = any.Target >= 0 && any.Target < settings.Options.Labels?.Count ? settings.Options.Labels[any.Target] : any.Target >= 0 ? string.Create(CultureInfo.InvariantCulture, $"class {any.Target}") : null;
            page.Write($"<tr><th scope=\"row\">{Picture(Photo(settings, settings.Files[row]), settings.Files[row].Name)}<b>{Html(label ?? "not explained")}</b><span>{(any.Probability is float p ? string.Create(CultureInfo.InvariantCulture, $"{100 * p:0.0} %") : "")}</span><span class=\"file\">{Html(settings.Files[row].Name)}</span></th>");
            foreach (ComparisonLine line in comparison.Lines)
            {
                JournalEntry entry = line.Entries[row];
                string numbers = string.Join("<br>", settings.Measures.Zip(entry.Values).Where(pair => pair.Second is not null && pair.First.Name is "deletion" or "insertion" or "pointing" or "energy-pointing")
                    .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{Html(pair.First.Name)} {pair.Second:0.000}")));
                string reason = entry.Reasons.OfType<string>().FirstOrDefault() is { } why && Array.TrueForAll(entry.Values, value => value is null) ? $"<i>{Html(why)}</i>" : "";
                page.Write($"<td>{Picture(entry.Overlay, $"{settings.Files[row].Name}, {line.Name}")}{reason}<span>{numbers}</span></td>");
            }

            page.Write("</tr>\n");
        }
    }

    /// <summary>The photo itself; null where it cannot be read (any more).</summary>
    private static string? Photo(ComparisonSettings settings, InputFile file)
    {
        try
        {
            using MLImage photo = ImageFile.Load(file.Path, settings.Decoding);
            return Thumbnail.Of(photo, LongerSide).Picture;
        }
        catch (ImageFileException)
        {
            return null;
        }
    }

    private static string Picture(string? picture, string description)
        => picture is null ? "" : $"<img loading=\"lazy\" decoding=\"async\" alt=\"{Html(description)}\" src=\"{Html(picture)}\">";

    private static IEnumerable<(string Name, string Value)> Facts(ComparisonSettings settings, Comparison comparison)
        => [.. settings.Facts, .. comparison.Lines[0].Cells.Select(cell => (cell.Name, cell.SaysLittle is { } why ? $"{cell.Protocol}. It ranks no method here: {why}" : cell.Protocol))];

    private static void WriteTroubles(StreamWriter page, Comparison comparison)
    {
        (string Reason, string What)[] troubles = [.. comparison.Troubles()];
        if (troubles.Length == 0)
        {
            page.Write("<p>Every row was measured by every measure.</p>");
            return;
        }

        page.Write("<p>What could not be measured is counted here and is in no mean.</p><ul>");
        foreach ((string reason, string what) in troubles)
        {
            page.Write($"<li>{Html(what)}: {Html(reason)}</li>\n");
        }

        page.Write("</ul>");
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
