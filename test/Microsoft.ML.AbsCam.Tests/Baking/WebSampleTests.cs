using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Service;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>The same baked file in Node, in the sample's page in a real browser, and here.</summary>
[TestClass]
public sealed class WebSampleTests
{
    private const string Node = """
        const ort = require("onnxruntime-node"), fs = require("fs");
        const bytes = fs.readFileSync("input.bin");
        const input = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
        ort.InferenceSession.create("explained.onnx").then(session => session.run({ input: new ort.Tensor("float32", input, [1, 3, 112, 112]) }))
          .then(results => console.log([...results.saliency.data].map(value => value.toFixed(6)).join(" ")));
        """;

    private static string Sample => Path.Combine(Repository.Root, "docs", "samples", "web");

    [TestMethod]
    public async Task Node_and_a_browser_give_the_map_that_this_library_gives()
    {
        using var folder = new TemporaryFolder();
        string At(string name) => Path.Combine(folder.Path, name);
        File.Copy(Path.Combine(Sample, "index.html"), At("index.html"));
        await InstalledOrSkipAsync(folder.Path);

        DemoScene scene = DemoScenes.Draw(5, 3, DemoNetwork.InputSize);
        await File.WriteAllBytesAsync(At("scene.png"), scene.EncodePng());
        await File.WriteAllLinesAsync(At("labels.txt"), DemoNetwork.Classes);
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(DemoNetwork.ReadOnnx()));
        await using (FileStream file = File.Create(At("explained.onnx")))
        {
            network.Bake(file);
        }

        float[] input = InputOf(scene);
        float[] expected = OnnxRuntimeMap(At("explained.onnx"), input);
        Assert.IsGreaterThan(0.9f, expected.Max());

        await File.WriteAllBytesAsync(At("input.bin"), [.. input.SelectMany(BitConverter.GetBytes)]);
        await File.WriteAllTextAsync(At("explain.js"), Node);
        float[] inNode = Numbers(await RunAsync(folder.Path, "node", "explain.js"));
        Close.AreClose(expected, inNode, 1e-4, "Node");

        await using Chromium browser = await Chromium.StartOrSkipAsync();
        IPage page = await browser.NewPageAsync();
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.RouteAsync("http://localhost/**", route => FulfillAsync(route, At(new Uri(route.Request.Url).AbsolutePath.TrimStart('/'))));
        await page.GotoAsync("http://localhost/index.html?photo=scene.png");
        await page.WaitForFunctionAsync("document.getElementById('answer').dataset.map || document.getElementById('answer').textContent.includes('cannot')");
        Assert.IsEmpty(said, string.Join('\n', said));
        float[] inBrowser = Numbers((await page.GetAttributeAsync("#answer", "data-map"))!);
        Close.AreClose(expected, inBrowser, 1e-4, "browser");
        StringAssert.StartsWith(await page.InnerTextAsync("#answer"), DemoNetwork.Classes[3]);
    }

    // A browser runs no script whose type it is not told.
    private static Task FulfillAsync(IRoute route, string file) => route.FulfillAsync(File.Exists(file)
        ? new RouteFulfillOptions
        {
            BodyBytes = File.ReadAllBytes(file),
            ContentType = Path.GetExtension(file) switch { ".html" => "text/html", ".mjs" => "text/javascript", ".wasm" => "application/wasm", ".png" => "image/png", _ => "application/octet-stream" },
        }
        : new RouteFulfillOptions { Status = 404 });

    private static float[] InputOf(DemoScene scene)
    {
        ReadOnlySpan<byte> pixels = scene.Pixels.Span;
        int area = DemoNetwork.InputSize * DemoNetwork.InputSize;
        float[] input = new float[3 * area];
        for (int i = 0; i < input.Length; i++)
        {
            (int channel, int at) = (i / area, i % area);
            input[i] = ((pixels[(4 * at) + channel] / 255f) - DemoNetwork.Mean[channel]) / DemoNetwork.Std[channel];
        }

        return input;
    }

    private static float[] OnnxRuntimeMap(string file, float[] input)
    {
        using var session = new OnnxRuntime.InferenceSession(file);
        using OnnxRuntime.OrtValue image = OnnxRuntime.OrtValue.CreateTensorValueFromMemory(input, [1, 3, DemoNetwork.InputSize, DemoNetwork.InputSize]);
        using var options = new OnnxRuntime.RunOptions();
        using OnnxRuntime.IDisposableReadOnlyCollection<OnnxRuntime.OrtValue> results = session.Run(options, ["input"], [image], ["saliency"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] Numbers(string text) => [.. text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    // Nothing of a package is run at its installation.
    private static async Task InstalledOrSkipAsync(string folder)
    {
        try
        {
            await RunAsync(folder, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "onnxruntime-web@^1.20.0", "onnxruntime-node@^1.20.0");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Assert.Inconclusive($"needs Node, and npm's packages onnxruntime-node and onnxruntime-web: {e.Message}");
        }
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors.Split('\n')[0]}");
    }
}
