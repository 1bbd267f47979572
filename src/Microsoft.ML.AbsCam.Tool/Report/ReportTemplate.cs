using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>The page without its rows: what comes before them, and what comes after.</summary>
internal sealed partial class ReportTemplate
{
    private const int LegendStops = 16;
    private const string RowsMark = "<!-- rows -->";

    private ReportTemplate(string beforeRows, string afterRows) => (BeforeRows, AfterRows) = (beforeRows, afterRows);

    public string BeforeRows { get; }

    public string AfterRows { get; }

    public static ReportTemplate For(ReportHeader header)
    {
        var facts = new StringBuilder();
        foreach ((string name, string value) in header.Facts)
        {
            facts.Append(CultureInfo.InvariantCulture, $"<div><dt>{WebUtility.HtmlEncode(name)}</dt><dd>{WebUtility.HtmlEncode(value)}</dd></div>\n");
        }

        // One pass, so that a title which looks like a placeholder stays a title.
        var page = Placeholder().Replace(Resource("report.html"), match => match.Groups[1].Value switch
        {
            "css" => Resource("report.css"),
            "heat" => Resource("heat.js"),
            "js" => Resource("report.js"),
            "settings" => Settings(header),
            "title" => WebUtility.HtmlEncode(header.Title),
            "summary" => WebUtility.HtmlEncode(header.Summary),
            "reading" => WebUtility.HtmlEncode(header.Reading),
            "reference" => Reference(header),
            "legend" => Legend(header.Overlay.ColorMap),
            "facts" => facts.ToString(),
            _ => match.Value,
        });
        var rows = page.IndexOf(RowsMark, StringComparison.Ordinal);
        return new ReportTemplate(page[..rows], page[(rows + RowsMark.Length)..]);
    }

    /// <summary>What the page draws overlays by.</summary>
    private static string Settings(ReportHeader header) => JsonSerializer.Serialize(
        new
        {
            Palette = header.Overlay.ColorMap.ToString(),
            Palettes = Enum.GetValues<ColorMap>().ToDictionary(map => map.ToString(), map => Convert.ToBase64String(Colours(map))),
            Look = new { header.Overlay.Opacity, header.Overlay.Dimming, header.Overlay.Outline },
        },
        ReportWriter.Json);

    private static byte[] Colours(ColorMap map) => [.. Enumerable.Range(0, 256).SelectMany(i => map.ColorOf(i / 255f) is var (red, green, blue) ? new[] { red, green, blue } : [])];

    private static string Reference(ReportHeader header) => header.Reference is not { } picture ? ""
        : $"<figure class=\"reference\"><img id=\"reference\" alt=\"\" src=\"{WebUtility.HtmlEncode(picture)}\"><figcaption>compared with <b>{WebUtility.HtmlEncode(header.ReferenceName)}</b></figcaption></figure>";

    private static string Legend(ColorMap map) => string.Join(", ", Enumerable.Range(0, LegendStops).Select(i =>
    {
        var (red, green, blue) = map.ColorOf(i / (LegendStops - 1f));
        return $"#{red:x2}{green:x2}{blue:x2}";
    }));

    private static string Resource(string name) => EmbeddedText.Read("report/" + name);

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
