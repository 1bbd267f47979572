using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>A headless Chromium that is installed on the machine; nothing is downloaded, and it asks nobody but the page's host.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright _driver;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright driver, IBrowser browser) => (_driver, _browser) = (driver, browser);

    /// <summary>Starts it; the test is skipped, visibly, where there is none.</summary>
    public static async Task<Chromium> StartOrSkipAsync()
    {
        string program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new AssertInconclusiveException("needs a Chromium, such as Debian's package chromium");
        IPlaywright driver = await Playwright.Playwright.CreateAsync();
        return new Chromium(driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }));
    }

    /// <summary>A page of its own, with nothing kept from others.</summary>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="colours">What the reader's system prefers.</param>
    public async Task<IPage> NewPageAsync(int width = 1200, ColorScheme colours = ColorScheme.Light)
    {
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 }, ColorScheme = colours });

        // A machine that does ten things at once is slow, not wrong.
        context.SetDefaultTimeout((float)TimeSpan.FromMinutes(2).TotalMilliseconds);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _driver.Dispose();
    }
}
