using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>Prints how long a page of many rows takes in an installed headless Chromium, from a disk, a new browser's page each time: a report's, and an audit's with its findings.</summary>
internal static class PagePaint
{
    private const int Times = 5;
    private const int Classes = 10;
    private const int Side = 96;

    // Small, so that 100,000 of them fit on any disk; a plate is read when it comes near the window.
    private const int PlateSide = 32;

    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome"];

    public static async Task PrintAsync(int count)
    {
        string program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Programs.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("This needs a Chromium, such as Debian's package chromium.");
        string folder = Directory.CreateTempSubdirectory("abscam").FullName;
        try
        {
            Write(Path.Combine(folder, "report"), count, audit: null);
            Write(Path.Combine(folder, "audit"), count, Audit(count));
            using IPlaywright driver = await Playwright.Playwright.CreateAsync();
            await using IBrowser browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] });
            Markdown.Header("page", "rows", "KB", "first paint, ms", "first contents, ms", "all rows read, ms");
            foreach (string page in (string[])["report", "audit"])
            {
                string path = Path.Combine(folder, page, "index.html");
                List<double[]> times = [];
                for (int i = 0; i < Times; i++)
                {
                    times.Add(await TimeAsync(browser, path));
                }

                Markdown.Row([page, count.ToString(CultureInfo.InvariantCulture), Markdown.Number(new FileInfo(path).Length / 1024.0, "0"), .. Enumerable.Range(0, 3).Select(which => Spread([.. times.Select(time => time[which])]))]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>Milliseconds since the page was asked for: to its first paint, to the first text or picture, and until every row is read and filtered.</returns>
    private static async Task<double[]> TimeAsync(IBrowser browser, string path)
    {
        await using IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1200, Height = 800 } });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        while (await page.EvaluateAsync<bool>("document.getElementById('count-text').textContent.includes('read so far') || performance.getEntriesByName('plates').length === 0"))
        {
            await Task.Delay(10);
        }

        return await page.EvaluateAsync<double[]>("[...['first-paint', 'first-contentful-paint'].map(name => performance.getEntriesByName(name)[0].startTime), performance.getEntriesByName('plates').at(-1).startTime]");
    }

    private static string Spread(double[] times) => string.Create(CultureInfo.InvariantCulture, $"{times.Order().ElementAt(times.Length / 2):0} ({times.Min():0} to {times.Max():0})");

    private static void Write(string folder, int count, AuditReport? audit)
    {
        using MLImage photo = Drawn(PlateSide, 7);
        string thumbnail = Thumbnail.Of(photo).Picture;
        var map = SmallMap.Of([.. Enumerable.Range(0, 49).Select(i => i / 49.0)], 7, 7);
        using var page = new ReportWriter(Path.Combine(folder, "index.html"), new ReportHeader("A title", "Some photos.", [("Model", "net.onnx")]) { IsPrediction = true }, count);
        for (int i = 0; i < count; i++)
        {
            // One of seven is taken for the next class.
            int shown = i % Classes;
            int answer = i % 7 == 0 ? (shown + 1) % Classes : shown;
            page.Add(
                new ReportRow(string.Create(CultureInfo.InvariantCulture, $"photo {i:000000}.jpg"), [new ReportTarget(nameof(MapStatus.Ok)) { Target = answer, Label = NameOf(answer), Probability = 0.75f, Right = shown == answer }]) { Width = PlateSide, Height = PlateSide, Truth = NameOf(shown) },
                new RowDetails([map]) { Photo = thumbnail, Region = [0, 0, 1, 1], Top = [new ClassChance(answer, 0.75f, NameOf(answer))] });
        }

        page.Complete(audit, audit?.Findings ?? [], ("Run", "a while"));
    }

    /// <summary>Of each class a shortcut in a tenth of its rows, with pictures, and groups of all of them.</summary>
    private static AuditReport Audit(int count)
    {
        List<AuditFinding> findings = [];
        for (int c = 0; c < Classes; c++)
        {
            long[] rows = [.. Enumerable.Range(0, count).Where(i => i % Classes == c).Select(i => (long)i)];
            long[] some = rows[..(rows.Length / 10)];
            findings.Add(new AuditFinding(AuditFindingKind.Shortcut, c, NameOf(c), $"pictures become '{NameOf(c)}' by a mark", 0.0001)
            {
                Rows = some,
                Effects = [new AuditEffect("put into pictures of other classes", 64, 50, 0.62, 0.5, 0.7, 0.01, 0.0002, 0.12), new AuditEffect("filled from its surroundings", 64, 40, -0.4, -0.5, -0.3, 0, 0.0002, 0.12)],
                Region = new AuditRegion(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => i % Side < 12 && i / Side < 12)]),
                Pictures = [.. some.Take(4).Select(row => new AuditPicture("with the mark, and without it", row, Drawn(Side, (int)row), Drawn(Side, (int)row + 1)))],
            });
            findings.Add(new AuditFinding(AuditFindingKind.Strategies, c, NameOf(c), $"what lies under the heat of '{NameOf(c)}' falls into 2 groups", 0.01)
            {
                Rows = rows,
                Groups = [new AuditGroup("in the middle", rows[..(rows.Length / 2)]), new AuditGroup("at the top", rows[(rows.Length / 2)..])],
            });
        }

        return new AuditReport(count, new Dictionary<string, int>(), findings, ["Places: 10 classes."]);
    }

    private static string NameOf(int c) => string.Create(CultureInfo.InvariantCulture, $"class {c}");

    /// <summary>Some rough slope, opaque: about what a photo of that size takes.</summary>
    private static MLImage Drawn(int side, int seed)
    {
        var random = new Random(seed);
        return MLImage.CreateFromPixels(side, side, MLPixelFormat.Rgba32, [.. Enumerable.Range(0, 4 * side * side).Select(i => i % 4 == 3 ? byte.MaxValue : (byte)((i / 4 % side) + (i / 4 / side) + random.Next(16)))]);
    }
}
