using Microsoft.ML.AbsCam.Tests.Service;
using Microsoft.ML.AbsCam.Tests.Tool.Report;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Tool.Compare;

/// <summary>The comparison's page: who is called the best, and what a reader can do with it in a real browser.</summary>
[TestClass]
public sealed class ComparisonPageTests : CommandTest
{
    [TestMethod]
    [DataRow(true, 0.5, 0.7, 0.6, 0.3, "b", DisplayName = "the better of two")]
    [DataRow(true, 0.5, 0.7, 0.6, 0.7, "", DisplayName = "nobody, where a baseline is as good to the digits that the table shows")]
    [DataRow(true, 0.5, 0.7, 0.9, 0.8, "", DisplayName = "nobody, where a baseline is better")]
    [DataRow(false, 0.5, 0.7, 0.9, 0.8, "a", DisplayName = "where lower is better")]
    [DataRow(true, 0.7, 0.7, 0.1, 0.2, "a b", DisplayName = "two that are alike")]
    public void A_baseline_is_never_the_best(bool isHigherBetter, double a, double b, double random, double gaussian, string best)
    {
        ComparisonLine line(string name, double mean, bool isBaseline) => new(name, null!, [new TableCell("m", "p", isHigherBetter, mean, mean, mean, 3, 0)], [], 1, 1) { IsBaseline = isBaseline };
        var comparison = new Comparison([line("a", a, false), line("b", b, false), line("random", random, true), line("gaussian", gaussian - 0.0004, true)]);
        string[] expected = best.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual(expected, comparison.Lines.Where(each => comparison.IsBest(each, 0)).Select(each => each.Name).ToArray());
    }

    [TestMethod]
    public async Task It_sorts_and_finds_and_is_accessible()
    {
        await using Chromium browser = await Chromium.StartOrSkipAsync();
        Spot("photos/a.png");
        Spot("photos/b.png", x: 60, y: 20);
        CommandResult result = await RunAsync(["compare", At("photos"), "--model", Model(), "--methods", "grad-cam,abs-cam-initial,eigen-cam", "--steps", "4", "--output", Output, .. BrightnessNetwork.Options]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);

        IPage page = await browser.NewPageAsync(390, ColorScheme.Dark);
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(new Uri(At("out", "index.html")).AbsoluteUri);
        ILocator head = page.Locator("#numbers thead th").Nth(1);
        foreach (string direction in (string[])["ascending", "descending"])
        {
            await head.Locator("button").ClickAsync();
            Assert.AreEqual(direction, await head.GetAttributeAsync("aria-sort"), "deletion is better the lower it is");
            double[] values = await page.EvaluateAsync<double[]>("[...document.querySelector('#numbers .methods').rows].map(row => Number(row.cells[1].dataset.value))");
            CollectionAssert.AreEqual((direction == "ascending" ? values.Order() : values.OrderDescending()).ToArray(), values);
        }

        CollectionAssert.AreEqual((string[])["random baseline", "center-gaussian baseline"], (await page.Locator("#numbers .baselines th").AllInnerTextsAsync()).Select(text => text.Replace('\n', ' ')).ToArray());
        await page.Locator("#find").FillAsync("b.png");
        Assert.AreEqual("1 of 2 photos", await page.Locator("#count").TextContentAsync());
        Assert.AreEqual(5, await page.Locator("#photos tbody tr:visible .pair canvas.heat").CountAsync());

        // Over the spot the map is as hot as a palette gets; beside it, nothing is laid over the dark photo.
        await BrowsedPage.UntilAsync(page, "document.querySelectorAll('#photos tbody tr:not([hidden]) canvas[data-drawn]').length === 5");
        int[] spot = await page.EvaluateAsync<int[]>("(() => { const canvas = document.querySelector('#photos tbody tr:not([hidden]) canvas.heat'); const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; const sums = Array.from({ length: pixels.length / 4 }, (_, i) => pixels[4 * i] + pixels[4 * i + 1] + pixels[4 * i + 2]); const most = sums.indexOf(Math.max(...sums)); return [most % canvas.width, Math.floor(most / canvas.width)]; })()");
        Assert.IsTrue(Math.Abs(spot[0] - 60) <= 12 && Math.Abs(spot[1] - 20) <= 12, $"the brightest place is {spot[0]}, {spot[1]}");
        await page.Locator("#looks > summary").ClickAsync();
        Assert.IsTrue(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the panel is no wider than the window");
        await Accessible.IsAsync(page, "comparison, with its look open");
        await page.Locator("#looks > summary").ClickAsync();
        await page.Locator("#methods > summary").ClickAsync();
        await Accessible.IsAsync(page, "comparison, with its methods open");
        await page.Locator("#methods input").First.UncheckAsync();
        Assert.AreEqual(4, await page.Locator("#photos tbody tr:visible td:visible").CountAsync());
        Assert.IsTrue(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "tables scroll by themselves");
        foreach (ColorScheme colours in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = colours });
            await Accessible.IsAsync(page, $"comparison, {colours}");
        }

        Assert.IsEmpty(said, string.Join('\n', said));
    }
}
