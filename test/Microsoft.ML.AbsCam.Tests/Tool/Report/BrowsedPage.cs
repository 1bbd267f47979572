using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Service;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>A report of drawn rows, from a disk, in a real browser.</summary>
internal sealed class BrowsedPage : IDisposable
{
    private static readonly ReportHeader Header = new("A title", "Some photos.", [("Model", "net.onnx")]) { IsPrediction = true };
    private static readonly string[] Photos = [.. Enumerable.Range(0, 4).Select(PhotoOf)];

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public string Address => new Uri(Path.Combine(Folder, "index.html")).AbsoluteUri;

    /// <summary>Writes the report.</summary>
    public static BrowsedPage Of(IEnumerable<ReportRow> rows, int count, AuditReport? audit = null)
    {
        var page = new BrowsedPage();
        using var writer = new ReportWriter(Path.Combine(page.Folder, "index.html"), Header, count);
        foreach (ReportRow row in rows)
        {
            var details = new RowDetails([.. row.Targets.Select((target, t) => target.Status == nameof(MapStatus.Ok) ? MapOf(t) : null)])
            {
                Photo = row.Width is null ? null : Photos[writer.Count % Photos.Length],
                Region = [0.125, 0, 0.875, 1],
                Top = [new ClassChance(0, 0.75f, "cat"), new ClassChance(1, 0.2f, "dog"), new ClassChance(2, 0.05f, "cow")],
                File = $"photos/{row.Image}",
            };
            writer.Add(row, details);
        }

        writer.Complete(audit, audit?.Findings ?? [], ("Run", "a while"));
        return page;
    }

    /// <summary>A row of one class.</summary>
    public static ReportRow Row(string image, string label = "cat", float probability = 0.75f, string? truth = null, bool? hit = null)
        => new(image, [new ReportTarget(nameof(MapStatus.Ok)) { Target = 0, Label = label, Probability = probability, Hit = hit, Right = truth is null ? null : truth == label }]) { Width = 60, Height = 45, Truth = truth };

    /// <summary>Opens it; whatever the page complains of fails the test.</summary>
    public async Task<IPage> OpenAsync(Chromium browser, string hash = "", int width = 1200, ColorScheme colours = ColorScheme.Light)
    {
        IPage page = await browser.NewPageAsync(width, colours);
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(Address + hash);
        await UntilAsync(page, "!document.getElementById('count-text').textContent.includes('read so far') && (document.getElementById('gallery').hidden || document.querySelector('.plate canvas')?.width > 0 || document.querySelector('.failed') !== null || !document.getElementById('empty').hidden)");
        Assert.IsEmpty(said, string.Join('\n', said));
        return page;
    }

    /// <summary>Asks again until it is so. A page that forbids texts as programs lets no test wait inside of it.</summary>
    public static async Task UntilAsync(IPage page, string condition, object? argument = null)
    {
        for (var watch = Stopwatch.StartNew(); !await page.EvaluateAsync<bool>(condition, argument); await Task.Delay(20))
        {
            Assert.IsLessThan(TimeSpan.FromMinutes(2), watch.Elapsed, condition);
        }
    }

    /// <summary>The names of the plates near the window, in their order.</summary>
    public static async Task<string[]> NamesAsync(IPage page) => [.. await page.Locator(".plate .file").AllTextContentsAsync()];

    public void Dispose() => _folder.Dispose();

    private static SmallMap MapOf(int t)
    {
        double[] values = new double[49];
        values[(7 * t) + 3] = 1;
        return SmallMap.Of(values, 7, 7);
    }

    private static string PhotoOf(int seed)
    {
        using MLImage photo = TestImage.From(60, 45, (x, y) => ((4 * x) % 256, (5 * y) % 256, (60 * seed) % 256, 255));
        return Thumbnail.Of(photo).Picture;
    }
}
