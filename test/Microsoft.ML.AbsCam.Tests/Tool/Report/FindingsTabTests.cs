using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Service;
using Microsoft.ML.Data;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>What an audit found, in a real browser: findings, confusions, and the way from them to the plates.</summary>
[TestClass]
public sealed class FindingsTabTests
{
    private const string Hostile = "</script><img src=x onerror=\"window.broken=1\">'";

    private static readonly Microsoft.ML.AbsCam.Tool.Report.ReportRow[] Pets =
    [
        BrowsedPage.Row("a.jpg", "cat", 0.9f, "cat"),
        BrowsedPage.Row("b.jpg", "dog", 0.6f, "cat"),
        BrowsedPage.Row("c.jpg", "dog", 0.8f, "cow"),
        BrowsedPage.Row("d.jpg", "cat", 0.3f, "cat"),
        BrowsedPage.Row("e.jpg", "dog", 0.7f, "cat"),
    ];

    private static Chromium? _browser;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _browser = await Chromium.StartOrSkipAsync();

    [ClassCleanup]
    public static async Task EndAsync() => await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestMethod]
    public async Task A_finding_says_what_was_tried_and_leads_to_its_plates()
    {
        using BrowsedPage report = BrowsedPage.Of(Pets, Pets.Length, Found());
        IPage page = await report.OpenAsync(_browser!);
        Assert.AreEqual("findings", await OpenTabAsync(page), "who audits wants findings first");
        Assert.AreEqual("2 findings in 5 pictures. One confusion of classes stands out.", await page.Locator("#findings > .lead").TextContentAsync());
        ILocator finding = page.Locator("#finding-1");
        Assert.AreEqual("Pictures become 'cat' by a mark", await finding.Locator("h2").TextContentAsync());
        Assert.AreEqual("+0.62 [+0.50, +0.70] in the probability, 95 %", await finding.Locator(".effect").TextContentAsync());

        // From -1 to 1 the drawing's ends are two hundredths from its edges: 0.62 lies at 50 + 48 x 0.62.
        Assert.AreEqual("79.76%", await finding.Locator(".mean").GetAttributeAsync("cx"));
        Assert.HasCount(2, await finding.Locator(".couple img").AllAsync());
        Assert.AreEqual("M1 1H3M1 2H3M1 1V2M3 1V2", await finding.Locator(".place .line").GetAttributeAsync("d"));
        CollectionAssert.AreEqual((string[])["a.jpg", "d.jpg"], (string[])[.. await finding.Locator(".strip .file").AllTextContentsAsync()]);

        await finding.Locator(".to-plates").ClickAsync();
        await BrowsedPage.UntilAsync(page, "!document.getElementById('gallery').hidden");
        CollectionAssert.AreEqual((string[])["a.jpg", "d.jpg"], await BrowsedPage.NamesAsync(page));
    }

    [TestMethod]
    public async Task Groups_of_a_finding_are_groups_of_the_gallery()
    {
        using BrowsedPage report = BrowsedPage.Of(Pets, Pets.Length, Found());
        IPage page = await report.OpenAsync(_browser!, "#tab=gallery&group=cluster");
        CollectionAssert.AreEqual(
            (string[])["dog, group 1 two in the middle", "dog, group 2 one at the top", "in no group 2 plates, 2 of 2 right"],
            (await page.Locator(".head").AllInnerTextsAsync()).Select(head => string.Join(' ', head.Split((char[])['\n', '\r'], StringSplitOptions.RemoveEmptyEntries))).ToArray());
    }

    [TestMethod]
    public async Task Confusions_are_counted_and_lead_to_their_plates()
    {
        using BrowsedPage report = BrowsedPage.Of(Pets, Pets.Length, Found());
        IPage page = await report.OpenAsync(_browser!, "#tab=confusions");
        Assert.AreEqual("confusions", await OpenTabAsync(page));
        Assert.AreEqual("3 of 5 pictures whose class is known are taken for another.", await page.Locator("#cells > .lead").TextContentAsync());
        CollectionAssert.AreEqual((string[])["2", "2", "1"], (string[])[.. await page.Locator(".matrix td a").AllTextContentsAsync()]);
        ILocator told = page.Locator("#cells .finding").First;
        Assert.AreEqual("cat, taken for dog", await told.Locator("h2").TextContentAsync());
        Assert.AreEqual("2 of 4 pictures of 'cat' are taken for 'dog'.", await told.Locator(".said").TextContentAsync(), "what the audit says of it stands there");
        await page.Locator(".matrix .wrong a").First.ClickAsync();
        await BrowsedPage.UntilAsync(page, "!document.getElementById('gallery').hidden");
        CollectionAssert.AreEqual((string[])["b.jpg", "e.jpg"], await BrowsedPage.NamesAsync(page));
    }

    [TestMethod]
    public async Task A_mistake_is_shown_under_both_classes_maps_where_both_were_explained()
    {
        Microsoft.ML.AbsCam.Tool.Report.ReportRow mistaken = new("m.jpg", [new("Ok") { Target = 1, Label = "dog", Probability = 0.6f, Right = false }, new("Ok") { Target = 0, Label = "cat", Probability = 0.3f }]) { Width = 60, Height = 45, Truth = "cat" };
        using BrowsedPage report = BrowsedPage.Of([.. Pets[..1], mistaken], 2);
        IPage page = await report.OpenAsync(_browser!, "#tab=confusions");
        await BrowsedPage.UntilAsync(page, "document.querySelectorAll('.strip canvas').length === 2 && [...document.querySelectorAll('.strip canvas')].every(canvas => canvas.width === 60)");
        CollectionAssert.AreEqual((string[])["why dog 60.0 %", "why cat 30.0 %"], (string[])[.. await page.Locator(".strip .name").AllTextContentsAsync()]);
        string[] maps = [.. await Task.WhenAll((await page.Locator(".strip canvas").AllAsync()).Select(canvas => canvas.EvaluateAsync<string>("canvas => canvas.toDataURL()")))];
        Assert.AreNotEqual(maps[0], maps[1]);
    }

    [TestMethod]
    public async Task Without_mistakes_or_an_audit_there_are_no_tabs()
    {
        using BrowsedPage report = BrowsedPage.Of(Pets[..1], 1);
        IPage page = await report.OpenAsync(_browser!);
        Assert.IsFalse(await page.Locator("#tabs").IsVisibleAsync());
        Assert.IsTrue(await page.Locator("#gallery").IsVisibleAsync());
    }

    [TestMethod]
    public async Task Nothing_found_says_what_would_have_been()
    {
        using BrowsedPage report = BrowsedPage.Of(Pets[..1], 1, new AuditReport(1, new Dictionary<string, int> { ["it is torn"] = 2 }, [], ["Places: none in one picture."]));
        IPage page = await report.OpenAsync(_browser!);
        string text = await page.Locator("#findings").InnerTextAsync();
        StringAssert.Contains(text, "Nothing was found in 1 picture.");
        StringAssert.Contains(text, "2 pictures were not used: it is torn.");
        StringAssert.Contains(text, "Places: none in one picture.");
    }

    [TestMethod]
    public async Task No_finding_becomes_a_script()
    {
        AuditFinding hostile = new(AuditFindingKind.Shortcut, 0, Hostile, Hostile, 0.01)
        {
            Rows = [0],
            Effects = [new AuditEffect(Hostile, 1, 1, 1, 1, 1, 0, 0, 1)],
            Groups = [new AuditGroup(Hostile, [0])],
            Pictures = [new AuditPicture(Hostile, 0, Grey(), Grey())],
        };
        using BrowsedPage report = BrowsedPage.Of(Pets[..1], 1, new AuditReport(1, new Dictionary<string, int>(), [hostile], [Hostile]));
        IPage page = await report.OpenAsync(_browser!);
        Assert.AreEqual(Hostile, await page.Locator("#finding-1 h2").TextContentAsync());
        await page.Locator("#tab-gallery").ClickAsync();
        Assert.IsTrue(await page.EvaluateAsync<bool>("window.broken === undefined && document.querySelectorAll('img[src=x]').length === 0"));
    }

    [TestMethod]
    [DataRow(1200, ColorScheme.Light)]
    [DataRow(390, ColorScheme.Dark)]
    public async Task Both_tabs_are_accessible(int width, ColorScheme colours)
    {
        using BrowsedPage report = BrowsedPage.Of(Pets, Pets.Length, Found());
        IPage page = await report.OpenAsync(_browser!, "", width, colours);
        foreach (string tab in (string[])["findings", "confusions"])
        {
            await page.Locator($"#tab-{tab}").ClickAsync();
            await Accessible.IsAsync(page, tab);
            Assert.IsTrue(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{tab}: nothing is wider than the window");
        }

        await page.Keyboard.PressAsync("ArrowRight");
        Assert.AreEqual("gallery", await OpenTabAsync(page), "arrow keys go round");
    }

    private static Task<string> OpenTabAsync(IPage page) => page.EvaluateAsync<string>("[...document.querySelectorAll('[data-tab]')].filter(panel => !panel.hidden).map(panel => panel.id).join()");

    private static AuditReport Found() => new(
        5,
        new Dictionary<string, int>(),
        [
            new AuditFinding(AuditFindingKind.Shortcut, 0, "cat", "pictures become 'cat' by a mark", 0.0001)
            {
                Rows = [0, 3],
                Effects = [new AuditEffect("put into pictures of other classes", 8, 6, 0.62, 0.5, 0.7, 0.01, 0.0002, 0.12)],
                Region = new AuditRegion(4, 4, [.. Enumerable.Range(0, 16).Select(i => i is 5 or 6)]),
                Pictures = [new AuditPicture("a.jpg, filled", 0, Grey(), Grey())],
            },
            new AuditFinding(AuditFindingKind.Strategies, 1, "dog", "what lies under the heat of 'dog' falls into 2 groups", 0.01)
            {
                Groups = [new AuditGroup("two in the middle", [1, 2]), new AuditGroup("one at the top", [4])],
            },
            new AuditFinding(AuditFindingKind.Confusion, 1, "dog", "2 of 4 pictures of 'cat' are taken for 'dog'.", 0.02) { Rows = [1, 4] },
        ],
        ["Places: three were tested."]);

    private static MLImage Grey() => TestImage.From(4, 4, (x, y) => (120, 120, 120, 255));
}
