namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>The page without its rows: what comes before them, and what comes after.</summary>
internal sealed record ReportTemplate(string BeforeRows, string AfterRows)
{
    private const string RowsMark = "<!-- rows -->";

    private static readonly string[] Scripts = [.. PageLook.Scripts, "rows.js", "plates.js", "viewer.js", "tabs.js", "findings.js", "confusions.js", "gallery.js"];

    /// <param name="header">What stands above the pictures.</param>
    /// <param name="files">The folder of the files that hold the rows, relative to the page; null where the page holds them itself.</param>
    public static ReportTemplate For(ReportHeader header, string? files = null)
    {
        string page = PageTemplate.Render("report/gallery.html", new
        {
            Head = PageTemplate.Head(header.Title, "page.css", "tools.css", "gallery.css", "findings.css"),
            header.Title,
            header.Summary,
            header.Reading,
            header.Reference,
            header.ReferenceName,
            Facts = header.Facts.Select(fact => new { fact.Name, fact.Value }).ToArray(),
            Looks = PageLook.Controls(hasPairs: true),
            Settings = PageLook.Settings(Settings(header, files)),
            Scripts = PageLook.Script(Scripts),
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
        PageLook.Palettes,
        Look = PageLook.Of(header.Overlay),
    };
}
