using System.Text.Json;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>The page without its rows: what comes before them, and what comes after.</summary>
internal sealed record ReportTemplate(string BeforeRows, string AfterRows)
{
    private const string RowsMark = "<!-- rows -->";
    private const int Steps = 256;

    private static readonly string[] Scripts = ["heat.js", "rows.js", "plates.js", "viewer.js", "tabs.js", "findings.js", "confusions.js", "gallery.js"];

    /// <param name="header">What stands above the pictures.</param>
    /// <param name="files">The folder of the files that hold the rows, relative to the page; null where the page holds them itself.</param>
    public static ReportTemplate For(ReportHeader header, string? files = null)
    {
        string page = PageTemplate.Render("report/gallery.html", new
        {
            Head = PageTemplate.Head(header.Title, "page.css", "gallery.css", "findings.css"),
            header.Title,
            header.Summary,
            header.Reading,
            header.Reference,
            header.ReferenceName,
            Facts = header.Facts.Select(fact => new { fact.Name, fact.Value }).ToArray(),
            Settings = new Markup(JsonSerializer.Serialize(Settings(header, files), ReportWriter.Json)),
            Scripts = new Markup(string.Concat(Scripts.Select(script => EmbeddedText.Read("report/" + script)))),
        });

        // What is filled in has no angle brackets of its own but in our script and style.
        int rows = page.IndexOf(RowsMark, StringComparison.Ordinal);
        return new ReportTemplate(page[..rows], page[(rows + RowsMark.Length)..]);
    }

    /// <summary>What the page draws overlays by.</summary>
    private static object Settings(ReportHeader header, string? files) => new
    {
        Files = files,
        header.IsPrediction,
        Palette = header.Overlay.ColorMap.ToString(),
        Palettes = Enum.GetValues<ColorMap>().ToDictionary(map => map.ToString(), map => Convert.ToBase64String(Colours(map))),
        Look = new { header.Overlay.Opacity, header.Overlay.Dimming, header.Overlay.Outline },
    };

    private static byte[] Colours(ColorMap map) => [.. Enumerable.Range(0, Steps).SelectMany(i => map.ColorOf(i / (Steps - 1f)) is var (red, green, blue) ? new[] { red, green, blue } : [])];
}
