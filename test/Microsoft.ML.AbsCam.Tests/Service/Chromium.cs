using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>Pages in the one browser of all tests, closed together.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IBrowser _browser;
    private readonly List<IBrowserContext> _contexts = [];

    private Chromium(IBrowser browser) => _browser = browser;

    /// <summary>The test is skipped, visibly, where there is no browser.</summary>
    public static async Task<Chromium> StartOrSkipAsync() => new(await SharedBrowser.StartOrSkipAsync());

    /// <summary>A page of its own, with nothing kept from others.</summary>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="colours">What the reader's system prefers.</param>
    public async Task<IPage> NewPageAsync(int width = 1200, ColorScheme colours = ColorScheme.Light)
    {
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 }, ColorScheme = colours });
        _contexts.Add(context);

        // A machine that does ten things at once is slow, not wrong.
        context.SetDefaultTimeout((float)TimeSpan.FromMinutes(2).TotalMilliseconds);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IBrowserContext context in _contexts)
        {
            await context.CloseAsync();
        }
    }
}
