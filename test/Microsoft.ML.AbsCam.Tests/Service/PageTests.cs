using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Samples.Service;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>The service's page, in a real browser.</summary>
[TestClass]
public sealed class PageTests
{
    private const int Step = 5;
    private static Chromium? _browser;
    private static RunningService? _service;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _browser = await Chromium.StartOrSkipAsync();
        _service = await RunningService.StartAsync("--Explain:Method=abs-cam-initial", "--Explain:PoolSize=1", "--Explain:QueueLength=1");
    }

    [ClassCleanup]
    public static async Task EndAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [TestMethod]
    public async Task A_photo_shows_its_classes_and_the_map_that_the_service_gives()
    {
        IPage page = await OpenAsync();
        await ChooseAsync(page, Upload.Scenes[0]);
        ExplainedPhoto expected = await AskAsync("size=layer&top=5");
        await StateAsync(page, expected.Class);
        string[] names = [.. await page.Locator("#classes .name").AllTextContentsAsync()];
        CollectionAssert.AreEqual(expected.Classes!.Select(each => each.Name).ToArray(), names);
        Assert.IsTrue(await page.Locator("#classes input").First.IsCheckedAsync());
        await IsDrawnAsync(page, expected.Map!);
        StringAssert.Contains(await page.GetAttributeAsync("#heat", "aria-label"), $"what speaks for {expected.Class}. It mattered most ");
    }

    [TestMethod]
    public async Task Class_method_and_layer_are_chosen_by_keyboard_and_the_fader_too()
    {
        IPage page = await OpenAsync();
        await ChooseAsync(page, Upload.Scenes[0]);
        ClassBody[] classes = [.. (await AskAsync("top=5")).Classes!];
        await StateAsync(page, classes[0].Name);

        await page.Locator("#classes input").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await StateAsync(page, classes[1].Name);
        await IsDrawnAsync(page, (await AskAsync($"size=layer&class={classes[1].Index}")).Map!);

        await page.SelectOptionAsync("#method", "layer-cam");
        string layer = _service!.Model.Offer.Layers.First(each => each.Kind == LayerVerdict.Earlier).Name;
        await page.SelectOptionAsync("#layer", layer);
        await page.Locator("#layer-help").Filter(new LocatorFilterOptions { HasText = _service.Model.Offer.Layer(layer).Reason }).WaitForAsync();
        MapBody map = (await AskAsync($"size=layer&class={classes[1].Index}&method=layer-cam&layer={Uri.EscapeDataString(layer)}")).Map!;
        await StateAsync(page, classes[1].Name);
        await IsDrawnAsync(page, map);

        await page.FocusAsync("#fade");
        await page.Keyboard.PressAsync("Home");
        Assert.AreEqual(("0", "0 %"), (await page.Locator("#heat").EvaluateAsync<string>("canvas => canvas.style.opacity"), await page.TextContentAsync("#faded")));

        await page.FillAsync("#other", DemoNetwork.Classes[^1]);
        await page.Keyboard.PressAsync("Enter");
        await StateAsync(page, DemoNetwork.Classes[^1]);
        await page.FillAsync("#other", "unicorn");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#trouble", new PageLocatorOptions { HasText = "no class “unicorn”" }).WaitForAsync();
    }

    [TestMethod]
    public async Task A_dropped_photo_is_taken_and_what_is_none_is_refused_in_the_services_words()
    {
        IPage page = await OpenAsync();
        await DropAsync(page, "no photo"u8.ToArray());
        await page.Locator("#trouble", new PageLocatorOptions { HasText = "this is not an image that can be read" }).WaitForAsync();
        await DropAsync(page, Upload.Scenes[1]);
        await page.Locator("#state", new PageLocatorOptions { HasText = "What speaks for" }).WaitForAsync();
        Assert.AreEqual("", await page.TextContentAsync("#trouble"));
    }

    [TestMethod]
    public async Task A_busy_service_is_asked_again_until_it_answers()
    {
        IPage page = await OpenAsync();
        TaskCompletionSource held = await _service!.HoldEngineAsync();
        Task<HttpResponseMessage> waiting = Upload.PostAsync(_service.Http, "/explain?map=false", Upload.Raw(Upload.Scenes[0]));
        await _service.WaitForQueueAsync(1);
        await ChooseAsync(page, Upload.Scenes[0]);
        await page.Locator("#state", new PageLocatorOptions { HasText = "All places are taken. Try again in" }).WaitForAsync();
        held.SetResult();
        await page.Locator("#state", new PageLocatorOptions { HasText = "What speaks for" }).WaitForAsync();
        (await waiting).Dispose();
    }

    [TestMethod]
    [DataRow(1200, ColorScheme.Light)]
    [DataRow(320, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_amiss_narrow_screens_scroll_one_way_and_nobody_else_is_asked(int width, ColorScheme colours)
    {
        IPage page = await _browser!.NewPageAsync(width, colours);
        List<string> hosts = [];
        page.Request += (_, request) => hosts.Add(new Uri(request.Url) is { Scheme: "blob" } ? _service!.Address.Authority : new Uri(request.Url).Authority);
        IResponse answer = (await page.GotoAsync(_service!.Address.ToString()))!;
        StringAssert.StartsWith(await answer.HeaderValueAsync("Content-Security-Policy"), "default-src 'none'; ");
        if (colours == ColorScheme.Light)
        {
            await Accessible.IsAsync(page, "the empty page");
        }

        await ChooseAsync(page, Upload.Scenes[0]);
        await page.Locator("#state", new PageLocatorOptions { HasText = "What speaks for" }).WaitForAsync();
        await Accessible.IsAsync(page, "the page with a map");
        Assert.IsLessThanOrEqualTo(width, await page.Locator("html").EvaluateAsync<int>("root => root.scrollWidth"));
        CollectionAssert.AreEqual((string[])[_service.Address.Authority], hosts.Distinct().ToArray());
    }

    private static async Task<IPage> OpenAsync()
    {
        IPage page = await _browser!.NewPageAsync();
        page.PageError += (_, error) => Console.WriteLine($"the page threw: {error}");
        await page.GotoAsync(_service!.Address.ToString());
        await page.Locator("#network", new PageLocatorOptions { HasText = _service.Model.Offer.Network }).WaitForAsync();
        return page;
    }

    private static Task ChooseAsync(IPage page, byte[] photo) => page.SetInputFilesAsync("#file", new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = photo });

    private static async Task DropAsync(IPage page, byte[] photo)
    {
        IJSHandle files = await page.EvaluateHandleAsync(
            "bytes => { const all = new DataTransfer(); all.items.add(new File([Uint8Array.from(atob(bytes), each => each.charCodeAt(0))], 'photo.png', { type: 'image/png' })); return all; }",
            Convert.ToBase64String(photo));
        await page.DispatchEventAsync("#drop", "drop", new Dictionary<string, object> { ["dataTransfer"] = files });
    }

    private static Task StateAsync(IPage page, string name)
        => page.Locator("#state", new PageLocatorOptions { HasTextRegex = new Regex($"What speaks for “{Regex.Escape(name)}” .*found in") }).WaitForAsync();

    private static async Task<ExplainedPhoto> AskAsync(string query)
    {
        // The page may still be asking for what the test no longer waits for, and there is room for one more.
        while (true)
        {
            using HttpResponseMessage answer = await Upload.PostAsync(_service!.Http, $"/explain?{query}", Upload.Raw(Upload.Scenes[0]));
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return (await answer.Content.ReadFromJsonAsync<ExplainedPhoto>())!;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Compares pixels of the canvas with the map between the middles of its values, in the library's own colours.</summary>
    private static async Task IsDrawnAsync(IPage page, MapBody map)
    {
        int[] size = await page.Locator("#heat").EvaluateAsync<int[]>("canvas => [canvas.width, canvas.height]");
        int[] pixels = await page.Locator("#heat").EvaluateAsync<int[]>(
            "(canvas, step) => { const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; const some = [];"
            + " for (let y = 3; y < canvas.height; y += step) for (let x = 3; x < canvas.width; x += step) some.push(...all.slice(4 * (y * canvas.width + x), 4 * (y * canvas.width + x) + 4)); return some; }",
            Step);
        byte[] colours = ColorTable.Of(ColorMap.Inferno).ToArray();
        int at = 0;
        int compared = 0;
        for (int y = 3; y < size[1]; y += Step)
        {
            for (int x = 3; x < size[0]; x += Step, at += 4)
            {
                double value = Value(map, (((x + 0.5) / size[0]) - map.Region.Left) / (map.Region.Right - map.Region.Left), (((y + 0.5) / size[1]) - map.Region.Top) / (map.Region.Bottom - map.Region.Top));
                double rise = Math.Max(0, (value - 0.05) / 0.95);
                double opacity = 255 * Math.Sqrt(rise) * Math.Min(1, 4 * rise);
                Assert.AreEqual(opacity, pixels[at + 3], 2, $"opacity at {x}, {y}");
                for (int channel = 0; channel < 3 && opacity > 100; channel++)
                {
                    compared++;
                    Assert.AreEqual(colours[(3 * (int)Math.Round(255 * value)) + channel], pixels[at + channel], 5, $"colour at {x}, {y}");
                }
            }
        }

        Assert.IsGreaterThan(10, compared);
    }

    /// <summary>The sum of all values, each with a tent of one value's width around its middle; at the edges the nearest value.</summary>
    private static double Value(MapBody map, double x, double y)
    {
        double column = Math.Clamp((x * map.Width) - 0.5, 0, map.Width - 1);
        double row = Math.Clamp((y * map.Height) - 0.5, 0, map.Height - 1);
        return map.Values.Select((value, i) => value * Math.Max(0, 1 - Math.Abs(column - (i % map.Width))) * Math.Max(0, 1 - Math.Abs(row - (i / map.Width)))).Sum();
    }
}
