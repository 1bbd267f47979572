using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Service;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>The gallery in a real browser: what is found, in which order, what a plate shows when it is opened.</summary>
[TestClass]
public sealed class PageGalleryTests
{
    private const string Hostile = "</script><img src=x onerror=\"window.broken=1\">'\u2028 .jpg";

    private static readonly ReportRow[] Few =
    [
        BrowsedPage.Row("a.jpg", "cat", 0.9f, "cat", true),
        BrowsedPage.Row("b.jpg", "dog", 0.6f, "cat", false),
        BrowsedPage.Row("c.jpg", "dog", 0.8f, "cow", true),
        BrowsedPage.Row("d.jpg", "cat", 0.3f, "cat", false),
        new("broken.jpg", [new ReportTarget("UnreadableImage") { Message = "it is empty" }]),
    ];

    private static Chromium? _browser;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _browser = await Chromium.StartOrSkipAsync();

    [ClassCleanup]
    public static async Task EndAsync() => await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestMethod]
    public async Task An_address_holds_what_is_chosen()
    {
        using BrowsedPage report = BrowsedPage.Of(Few, Few.Length);
        IPage page = await report.OpenAsync(_browser!, "#find=EMPTY");
        Assert.AreEqual("broken.jpg", string.Join(' ', await BrowsedPage.NamesAsync(page)));
        foreach ((string choice, string expected) in ((string, string)[])
            [
                ("answer=wrong", "b.jpg c.jpg"),
                ("answer=right", "a.jpg d.jpg"),
                ("peak=miss", "b.jpg d.jpg"),
                ("order=wrong", "c.jpg b.jpg a.jpg d.jpg broken.jpg"),
                ("status=Ok&order=unlikely", "d.jpg b.jpg c.jpg a.jpg"),
                ("class=dog&order=likely", "c.jpg b.jpg"),
                ("status=Ok&group=label", "a.jpg d.jpg b.jpg c.jpg"),
            ])
        {
            await page.EvaluateAsync("choice => { location.hash = choice; }", choice);
            await BrowsedPage.UntilAsync(page, "expected => [...document.querySelectorAll('.plate .file')].map(file => file.textContent).join(' ') === expected", expected);
            Assert.AreEqual("#" + choice, await page.EvaluateAsync<string>("location.hash"));
        }
    }

    [TestMethod]
    public async Task Groups_say_how_many_are_right()
    {
        using BrowsedPage report = BrowsedPage.Of(Few, Few.Length);
        IPage page = await report.OpenAsync(_browser!);
        await page.Locator("#choose > summary").ClickAsync();
        await page.Locator("#group").SelectOptionAsync("truth");
        string[] heads = [.. await page.Locator(".head").AllInnerTextsAsync()];
        CollectionAssert.AreEqual((string[])["cat 3 plates, 2 of 3 right", "cow 1 plate, 0 of 1 right", "not known 1 plate"], heads.Select(head => string.Join(' ', head.Split((char[])['\n', '\r'], StringSplitOptions.RemoveEmptyEntries))).ToArray());
    }

    [TestMethod]
    public async Task The_list_is_saved_as_a_table_that_no_spreadsheet_runs()
    {
        using BrowsedPage report = BrowsedPage.Of([.. Few, BrowsedPage.Row("=cmd, \"x\".jpg")], Few.Length + 1);
        IPage page = await report.OpenAsync(_browser!, "#order=image");
        await page.Locator("#choose > summary").ClickAsync();
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#csv").ClickAsync());
        string[][] lines = [.. Csv.Parse(await File.ReadAllTextAsync(await download.PathAsync()))];
        Assert.HasCount(7, lines);
        Assert.AreEqual("image,status,target,label,probability,truth,right,hit", string.Join(',', lines[0]));
        Assert.AreEqual("b.jpg|Ok|0|dog|0.6|cat|false|false", string.Join('|', lines.Single(line => line[0] == "b.jpg")));
        Assert.IsTrue(lines.Any(line => line[0] == "'=cmd, \"x\".jpg"));
    }

    [TestMethod]
    public async Task An_opened_plate_shows_its_classes_and_steps_with_keys()
    {
        ReportRow several = new("many.jpg", [new("Ok") { Target = 0, Label = "cat", Probability = 0.75f }, new("Ok") { Target = 1, Label = "dog", Probability = 0.2f }]) { Width = 60, Height = 45 };
        using BrowsedPage report = BrowsedPage.Of([several, .. Few], Few.Length + 1);
        IPage page = await report.OpenAsync(_browser!);
        await page.Locator(".frame").First.ClickAsync();
        await BrowsedPage.UntilAsync(page, "document.querySelectorAll('#box .classes li').length === 3");
        CollectionAssert.AreEqual((string[])["75.0 %", "20.0 %", "5.0 %"], (string[])[.. await page.Locator("#box .classes .percent").AllTextContentsAsync()]);
        Assert.AreEqual("cat", await page.Locator("#box-title").TextContentAsync());
        string before = await MapAsync(page);

        await page.Locator("#box .classes button", new() { HasText = "dog" }).ClickAsync();
        await BrowsedPage.UntilAsync(page, "document.querySelector('#box .classes .shown .name').textContent === 'dog'");
        Assert.AreEqual("dog", await page.Locator("#box-title").TextContentAsync());
        Assert.AreNotEqual(before, await MapAsync(page));
        Assert.AreEqual("dog", await page.Locator(".plate h3").First.TextContentAsync(), "the plate behind it, too");
        StringAssert.Contains(await page.EvaluateAsync<string>("location.hash"), "image=many.jpg&at=1");

        await page.Keyboard.PressAsync("ArrowRight");
        Assert.AreEqual("2 of 6", await page.Locator("#box-place").TextContentAsync());
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.AreEqual("6 of 6", await page.Locator("#box-place").TextContentAsync());
        await page.Keyboard.PressAsync("Escape");
        Assert.IsFalse(await page.Locator("#box").IsVisibleAsync());
        Assert.AreEqual("#", await page.EvaluateAsync<string>("location.hash || '#'"));
    }

    [TestMethod]
    public async Task A_contrast_that_was_asked_both_ways_is_one_picture_of_two_colours()
    {
        ReportRow both = new("both.jpg", [new("Ok") { Label = "cat", Against = "dog", Probability = 0.6f }, new("Ok") { Label = "dog", Against = "cat", Probability = 0.3f }]) { Width = 60, Height = 45 };
        using BrowsedPage report = BrowsedPage.Of([both], 1);
        IPage page = await report.OpenAsync(_browser!);

        // The first map is hottest in the middle of its first row, the other one of the second.
        int[] first = await PixelAsync(page, 30, 2);
        int[] other = await PixelAsync(page, 30, 11);
        Assert.IsTrue(first[0] > first[2] + 50 && other[2] > other[0] + 50, $"orange and blue: {string.Join(' ', first)}, {string.Join(' ', other)}");
        await page.Locator("#looks > summary").ClickAsync();
        await page.Locator("#both").ClickAsync();
        int[] alone = await PixelAsync(page, 30, 11);
        Assert.IsTrue(alone[2] < other[2] - 50, $"one map by itself has no blue: {string.Join(' ', alone)}");
        StringAssert.Contains(await page.EvaluateAsync<string>("location.hash"), "both=");
    }

    [TestMethod]
    public async Task Next_and_close_are_always_in_sight_and_the_photo_is_shown_at_its_own_size()
    {
        const int width = 390;
        using BrowsedPage report = BrowsedPage.Of(Few, Few.Length);
        Directory.CreateDirectory(Path.Combine(report.Folder, "photos"));
        await File.WriteAllBytesAsync(Path.Combine(report.Folder, "photos", "b.jpg"), Imaging.ImageBytes.Encode(800, 600, (x, y) => new SkiaSharp.SKColor((byte)x, (byte)y, 90), SkiaSharp.SKEncodedImageFormat.Jpeg));
        IPage page = await report.OpenAsync(_browser!, "#image=b.jpg", width);
        await page.Locator("#zoom-own").ClickAsync();
        await BrowsedPage.UntilAsync(page, "document.getElementById('box-hint').textContent !== ''");
        Assert.AreEqual("The photo itself, 800 x 600 pixels.", await page.Locator("#box-hint").TextContentAsync());
        double shown = await page.EvaluateAsync<double>("document.querySelector('.picture img').getBoundingClientRect().width");
        Assert.AreEqual(800, shown, 1);
        foreach (string control in (string[])["#box-next", "#box-back", "#box-close", "#zoom-fit"])
        {
            LocatorBoundingBoxResult place = (await page.Locator(control).BoundingBoxAsync())!;
            Assert.IsTrue(place.X >= 0 && place.Y >= 0 && place.X + place.Width <= width && place.Y + place.Height <= 100, control);
        }

        // One whose file has gone says so, and is shown small.
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("1");
        await BrowsedPage.UntilAsync(page, "document.getElementById('box-hint').textContent.includes('not where it was')");
    }

    [TestMethod]
    public async Task Of_a_large_page_only_what_is_near_the_window_is_there()
    {
        // How many can be said, for whoever wants to know how long it takes.
        int count = int.Parse(Environment.GetEnvironmentVariable("ABSCAM_PAGE_ROWS") ?? "2100", CultureInfo.InvariantCulture);
        using BrowsedPage report = BrowsedPage.Of(Enumerable.Range(0, count).Select(i => BrowsedPage.Row(string.Create(CultureInfo.InvariantCulture, $"photo {i:000000}.jpg"), i % 7 == 0 ? "dog" : "cat")), count);
        Assert.IsLessThan(200_000, new FileInfo(Path.Combine(report.Folder, "index.html")).Length);
        IPage page = await report.OpenAsync(_browser!);
        Console.WriteLine($"{count} rows: " + await page.EvaluateAsync<string>("JSON.stringify({ paint: performance.getEntriesByType('paint').map(p => [p.name, Math.round(p.startTime)]), plates: performance.getEntriesByName('plates').map(mark => Math.round(mark.startTime)), all: Math.round(performance.now()) })"));
        Assert.AreEqual($"{count} plates", await page.Locator("#count-text").TextContentAsync());
        Assert.IsLessThan(60, (await BrowsedPage.NamesAsync(page)).Length);

        await page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        string last = string.Create(CultureInfo.InvariantCulture, $"photo {count - 1:000000}.jpg");
        await BrowsedPage.UntilAsync(page, "last => [...document.querySelectorAll('.plate')].some(plate => plate.querySelector('.file').textContent === last && plate.querySelector('canvas').width === 60)", last);
        Assert.IsLessThan(60, (await BrowsedPage.NamesAsync(page)).Length);

        await page.Locator("#find").FillAsync("photo 002099");
        CollectionAssert.AreEqual((string[])["photo 002099.jpg"], await BrowsedPage.NamesAsync(page));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(ReportWriter.MostInPage + 1)]
    public async Task No_name_becomes_a_script(int count)
    {
        ReportRow row = BrowsedPage.Row(Hostile, Hostile, truth: Hostile);
        using BrowsedPage report = BrowsedPage.Of([row with { Targets = [row.Targets[0] with { Message = Hostile, Against = Hostile, Overlay = "javascript:window.broken=1" }] }], count);
        IPage page = await report.OpenAsync(_browser!);
        await page.Locator(".frame").First.ClickAsync();
        await BrowsedPage.UntilAsync(page, "document.querySelectorAll('#box-facts div').length > 3");
        Assert.AreEqual(Hostile, await page.Locator("#box-title").TextContentAsync());
        Assert.IsTrue(await page.EvaluateAsync<bool>("window.broken === undefined && document.querySelectorAll('img[src=x]').length === 0"));
        Assert.IsTrue(await page.EvaluateAsync<bool>("[...document.querySelectorAll('#box-facts a')].every(link => link.protocol === 'file:')"));
    }

    [TestMethod]
    [DataRow(1200, ColorScheme.Light)]
    [DataRow(390, ColorScheme.Dark)]
    public async Task It_is_accessible(int width, ColorScheme colours)
    {
        using BrowsedPage report = BrowsedPage.Of(Few, Few.Length);
        IPage page = await report.OpenAsync(_browser!, "#group=label", width, colours);
        await page.Locator("#choose > summary").ClickAsync();
        await Accessible.IsAsync(page, "gallery");
        await page.Locator("#choose > summary").ClickAsync();
        await page.Locator(".frame").First.ClickAsync();
        await BrowsedPage.UntilAsync(page, "document.querySelectorAll('#box .classes li').length === 3");
        await Accessible.IsAsync(page, "dialog");
        Assert.IsTrue(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window");
    }

    private static Task<int[]> PixelAsync(IPage page, int x, int y) => page.Locator(".plate canvas").First.EvaluateAsync<int[]>("(canvas, place) => [...canvas.getContext('2d').getImageData(place[0], place[1], 1, 1).data]", (int[])[x, y]);

    private static Task<string> MapAsync(IPage page) => page.Locator(".picture canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");
}
