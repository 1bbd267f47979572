using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Service;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>What a page draws in a real browser is the library's overlay, pixel by pixel.</summary>
[TestClass]
public sealed class PageDrawingTests : CommandTest
{
    /// <summary>Of the 256 that a colour has.</summary>
    private const int MostLevels = 3;

    private static Chromium? _browser;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _browser = await Chromium.StartOrSkipAsync();

    [ClassCleanup]
    public static async Task EndAsync() => await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestMethod]
    [DataRow("crop", 120, 80)]
    [DataRow("squash", 101, 64)]
    [DataRow("pad", 33, 97)]
    public async Task A_page_s_overlay_is_the_saved_one(string rule, int width, int height)
    {
        Write("photos/a.png", PngOf(width, height));
        CommandResult result = await ExplainAsync(At("photos"), "--resize", rule, "--target", "0", "--save", "overlay,report");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        using MLImage overlay = ImageFile.Load(At("out", "overlays", "a.png"));

        IPage page = await OpenAsync();
        AreAlike(overlay, await PixelsAsync(page));
    }

    [TestMethod]
    public async Task Other_colours_are_the_library_s_too_and_change_at_once()
    {
        byte[] png = PngOf(100, 70);
        Write("photos/a.png", png);
        await ExplainAsync(At("photos"), "--target", "0", "--save", "npy,report");
        IPage page = await OpenAsync();
        await page.Locator("#looks > summary").ClickAsync();
        using MLImage photo = ImageFile.Load(png);
        foreach (ColorMap colours in (ColorMap[])[ColorMap.Magma, ColorMap.Viridis, ColorMap.Turbo])
        {
            await page.Locator("#palette").SelectOptionAsync(colours.ToString());
            using MLImage overlay = SaliencyOverlay.Draw(photo, Map("maps/a.npy").Values, 64, 64, ImagePreprocessing.For(64, 64), new OverlayOptions { ColorMap = colours });
            AreAlike(overlay, await PixelsAsync(page));
        }
    }

    [TestMethod]
    public async Task Heat_below_the_limit_is_hidden_and_the_photo_can_be_grey()
    {
        byte[] png = PngOf(100, 70);
        Write("photos/a.png", png);
        await ExplainAsync(At("photos"), "--target", "0", "--resize", "squash", "--save", "npy,report");
        IPage page = await OpenAsync();
        await page.Locator("#looks > summary").ClickAsync();
        await page.Locator("#under").SelectOptionAsync("grey");
        await page.Locator("#threshold").EvaluateAsync("limit => { limit.value = 60; limit.dispatchEvent(new Event('input')); }");

        using MLImage photo = ImageFile.Load(png);
        float[] map = CellPair.Resize(Map("maps/a.npy").Values, 64, 64, 70, 100);
        byte[] drawn = await PixelsAsync(page);
        int hot = 0;
        for (int i = 0; i < map.Length; i++)
        {
            (int red, int green, int blue, _) = photo.Pixel(i % 100, i / 100);
            bool isGrey = Math.Abs(drawn[4 * i] - drawn[(4 * i) + 1]) <= 1 && Math.Abs(drawn[(4 * i) + 1] - drawn[(4 * i) + 2]) <= 1;
            hot += isGrey ? 0 : 1;
            if (map[i] < 0.59)
            {
                Assert.IsTrue(isGrey, $"pixel {i}");
                Assert.AreEqual((0.299 * red) + (0.587 * green) + (0.114 * blue), drawn[4 * i], 2);
            }
        }

        Assert.IsGreaterThan(20, hot);
    }

    [TestMethod]
    [DataRow("crop", 120, 80)]
    [DataRow("pad", 33, 97)]
    public async Task A_comparison_s_maps_are_the_saved_overlays_of_each_method(string rule, int width, int height)
    {
        Write("photos/a.png", PngOf(width, height));
        string[] common = ["--model", Model(), "--resize", rule, "--target", "0", .. BrightnessNetwork.Options];
        string[] methods = ["grad-cam", "eigen-cam", "random", "center-gaussian"];
        foreach (string method in methods)
        {
            CommandResult explained = await RunAsync(["explain", At("photos"), "--method", method, "--save", "overlay", "--output", At(method), .. common]);
            Assert.AreEqual(0, explained.ExitCode, explained.Errors);
        }

        CommandResult compared = await RunAsync(["compare", At("photos"), "--methods", "grad-cam,eigen-cam", "--measures", "complexity", "--output", Output, .. common]);
        Assert.AreEqual(0, compared.ExitCode, compared.Errors);
        IPage page = await OpenAsync("#photos canvas[data-drawn]");
        await BrowsedPage.UntilAsync(page, "document.querySelectorAll('#photos canvas[data-drawn]').length === 4");
        CollectionAssert.AreEqual(methods, (await page.Locator("#photos thead th").AllTextContentsAsync()).Skip(1).ToArray());
        for (int i = 0; i < methods.Length; i++)
        {
            using MLImage overlay = ImageFile.Load(At(methods[i], "overlays", "a.png"));
            AreAlike(overlay, await PixelsAsync(page.Locator("#photos canvas").Nth(i)));
        }
    }

    [TestMethod]
    public async Task A_comparison_s_colours_limit_and_contours_change_at_once()
    {
        byte[] png = PngOf(100, 70);
        Write("photos/a.png", png);
        string[] common = ["--model", Model(), "--target", "0", .. BrightnessNetwork.Options];
        await RunAsync(["explain", At("photos"), "--method", "grad-cam", "--output", At("one"), .. common]);
        await RunAsync(["compare", At("photos"), "--methods", "grad-cam", "--measures", "complexity", "--output", Output, .. common]);
        IPage page = await OpenAsync("#photos canvas[data-drawn]");
        ILocator canvas = page.Locator("#photos canvas").First;
        using MLImage photo = ImageFile.Load(png);
        await page.Locator("#looks > summary").ClickAsync();
        await page.Locator("#palette").SelectOptionAsync(nameof(ColorMap.Viridis));
        await BrowsedPage.UntilAsync(page, "document.querySelector('#photos canvas').dataset.drawn === '1'");
        using MLImage overlay = SaliencyOverlay.Draw(photo, Npy.Read(At("one", "maps", "a.npy")).Values, 64, 64, ImagePreprocessing.For(64, 64), new OverlayOptions { ColorMap = ColorMap.Viridis });
        AreAlike(overlay, await PixelsAsync(canvas));

        await page.Locator("#contours").CheckAsync();
        await BrowsedPage.UntilAsync(page, "document.querySelector('#photos canvas').dataset.drawn === '2'");
        byte[] lined = await PixelsAsync(canvas);
        Assert.IsGreaterThan(20, Enumerable.Range(0, lined.Length / 4).Count(i => lined[4 * i] == 255 && lined[(4 * i) + 1] == 255 && lined[(4 * i) + 2] == 255), "lines are white");

        // With everything hidden that is below the limit, what the network saw is the photo.
        await page.Locator("#contours").UncheckAsync();
        await page.Locator("#threshold").EvaluateAsync("limit => { limit.value = 95; limit.dispatchEvent(new Event('input')); }");
        await BrowsedPage.UntilAsync(page, "document.querySelector('#photos canvas').dataset.drawn === '4'");
        byte[] bare = await PixelsAsync(canvas);
        Assert.IsGreaterThan(4000, Enumerable.Range(0, 7000).Count(i => photo.Pixel(i % 100, i / 100) is var (red, green, blue, _) && Math.Abs(bare[4 * i] - red) <= 1 && Math.Abs(bare[(4 * i) + 1] - green) <= 1 && Math.Abs(bare[(4 * i) + 2] - blue) <= 1));
        await page.Locator("#fade").EvaluateAsync("fade => { fade.value = 25; fade.dispatchEvent(new Event('input')); }");
        Assert.AreEqual("0.25", await canvas.EvaluateAsync<string>("canvas => getComputedStyle(canvas).opacity"));
    }

    // Colours of all kinds, a bright spot, and lightness that rises: the network's map has all values.
    private static byte[] PngOf(int width, int height) => ImageBytes.Encode(
        width,
        height,
        (x, y) => new SkiaSharp.SKColor((byte)(250 * x / width), (byte)(40 + (200 * y / height)), (byte)((37 * x) + (91 * y))),
        SkiaSharp.SKEncodedImageFormat.Png);

    private static void AreAlike(MLImage expected, byte[] drawn)
    {
        Assert.HasCount(4 * expected.Width * expected.Height, drawn);
        for (int i = 0; i < expected.Width * expected.Height; i++)
        {
            (int red, int green, int blue, _) = expected.Pixel(i % expected.Width, i / expected.Width);
            int off = Math.Max(Math.Abs(red - drawn[4 * i]), Math.Max(Math.Abs(green - drawn[(4 * i) + 1]), Math.Abs(blue - drawn[(4 * i) + 2])));
            Assert.IsLessThanOrEqualTo(MostLevels, off, $"column {i % expected.Width}, row {i / expected.Width}: {red} {green} {blue} in the library, {drawn[4 * i]} {drawn[(4 * i) + 1]} {drawn[(4 * i) + 2]} on the page");
        }
    }

    /// <param name="drawn">What is there as soon as a map is drawn.</param>
    private async Task<IPage> OpenAsync(string drawn = ".plate canvas")
    {
        IPage page = await _browser!.NewPageAsync();
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(new Uri(At("out", "index.html")).AbsoluteUri);
        await BrowsedPage.UntilAsync(page, "selector => document.querySelector(selector)?.width > 0", drawn);
        Assert.IsEmpty(said, string.Join('\n', said));
        return page;
    }

    private static Task<byte[]> PixelsAsync(IPage page) => PixelsAsync(page.Locator(".plate canvas").First);

    private static async Task<byte[]> PixelsAsync(ILocator canvas) => PageText.Bytes(await canvas.EvaluateAsync<string>(
        "canvas => { const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let text = ''; for (const byte of all) text += String.fromCharCode(byte); return ',' + btoa(text); }"));
}
