using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Service;
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

    private async Task<IPage> OpenAsync()
    {
        IPage page = await _browser!.NewPageAsync();
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(new Uri(At("out", "index.html")).AbsoluteUri);
        await BrowsedPage.UntilAsync(page, "document.querySelector('.plate canvas')?.width > 0");
        Assert.IsEmpty(said, string.Join('\n', said));
        return page;
    }

    private static async Task<byte[]> PixelsAsync(IPage page) => PageText.Bytes(await page.Locator(".plate canvas").First.EvaluateAsync<string>(
        "canvas => { const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let text = ''; for (const byte of all) text += String.fromCharCode(byte); return ',' + btoa(text); }"));
}
