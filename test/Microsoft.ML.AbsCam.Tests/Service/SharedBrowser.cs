using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>
/// A headless Chromium that is installed on the machine; nothing is downloaded, and it asks nobody but the page's host. One serves all classes of tests,
/// since its start takes longer than most of them.
/// </summary>
[TestClass]
public static class SharedBrowser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> Started = new(StartAsync);

    internal static async Task<IBrowser> StartOrSkipAsync() => (await Started.Value).Browser;

    [AssemblyCleanup]
    public static async Task EndAsync()
    {
        if (Started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            (IPlaywright driver, IBrowser browser) = await Started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        string program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new AssertInconclusiveException("needs a Chromium, such as Debian's package chromium");
        IPlaywright driver = await Playwright.Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }));
    }
}
