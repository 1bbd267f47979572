using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>Everything that the library knows of preprocessing, as options.</summary>
[TestClass]
public sealed class PreprocessingCommandTests : CommandTest
{
    [TestMethod]
    public async Task An_input_that_is_not_square_is_a_height_and_a_width()
    {
        string model = Write("open.onnx", BrightnessNetwork.Bytes(height: 0));
        CommandResult result = await RunAsync("explain", Spot("a.png"), "--model", model, "--output", Output, "--phase", "initial", "--size", "48x96");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        CollectionAssert.AreEqual(new long[] { 48, 96 }, Npy.Read(At("out", "maps", "a.npy")).Shape);
        StringAssert.Contains(result.Output, "open.onnx: photos go in as 48 x 96 pixels (height x width), centre crop, RGB, scale 1/255, mean 0.485 0.456 0.406, std 0.229 0.224 0.225");
    }

    [TestMethod]
    public async Task Scale_and_the_order_of_the_planes_reach_the_network()
    {
        string[] photos = [Colour("red.png", new SKColor(200, 0, 0)), Colour("blue.png", new SKColor(0, 0, 200))];
        string model = Write("first.onnx", FirstPlane());
        double[] red = await ScoresAsync(photos, model, "--mean", "0,0,0", "--std", "1,1,1");
        double[] bgr = await ScoresAsync(photos, model, "--mean", "0,0,0", "--std", "1,1,1", "--colors", "bgr");
        double[] raw = await ScoresAsync(photos, model, "--scale", "1/51");

        // The network's first score is the mean of its first plane, the second is 0.
        CollectionAssert.AreEqual(new[] { Sigmoid(200 / 255.0), 0.5 }, red, Comparer());
        CollectionAssert.AreEqual(new[] { 0.5, Sigmoid(200 / 255.0) }, bgr, Comparer());
        CollectionAssert.AreEqual(new[] { Sigmoid(200 / 51.0), 0.5 }, raw, Comparer());
    }

    [TestMethod]
    public async Task A_network_of_one_channel_takes_photos_as_grey()
    {
        string model = Write("grey.onnx", FirstPlane(channels: 1));
        string photo = Colour("red.png", new SKColor(200, 100, 50));
        double luma = ((0.299 * 200) + (0.587 * 100) + (0.114 * 50)) / 255;
        CollectionAssert.AreEqual(new[] { Sigmoid((luma - 0.459) / 0.226) }, await ScoresAsync([photo], model), Comparer());
        CollectionAssert.AreEqual(new[] { Sigmoid((luma - 0.1) / 0.5) }, await ScoresAsync([photo], model, "--mean", "0.1", "--std", "0.5"), Comparer());
        Refused(await RunAsync("explain", photo, "--model", model, "--output", At("no"), "--mean", "0,0,0"), "--mean 0,0,0: one of the numbers is expected");
    }

    [TestMethod]
    public async Task A_network_of_bytes_takes_levels_and_refuses_fractions_by_name()
    {
        string model = Write("bytes.onnx", FirstPlane(type: 2, factor: 1 / 100f));
        string photo = Colour("red.png", new SKColor(200, 0, 0));
        CollectionAssert.AreEqual(new[] { Sigmoid(2) }, await ScoresAsync([photo], model), Comparer());
        Refused(await RunAsync("explain", photo, "--model", model, "--output", At("no"), "--mean", "0,0,0", "--std", "1,1,1"), "level 1 into 0.0039, and the input of the network 'bytes.onnx' takes whole numbers from 0 to 255 (uint8)");
        using (FileStream file = File.Create(At("half.npy")))
        {
            Microsoft.ML.AbsCam.Tool.Inputs.NpyFile.Write(file, [.. Enumerable.Repeat(0.5f, 192)], 3, 8, 8);
        }

        Refused(await RunAsync("explain", At("half.npy"), "--model", model, "--output", Output, "--overwrite"), "half.npy: value 0 is 0.5, and the input of the network 'bytes.onnx' takes whole numbers from 0 to 255 (uint8)", exitCode: 1);
    }

    private string Colour(string name, SKColor colour) => Write(name, ImageBytes.Encode(8, 8, (x, y) => colour, SKEncodedImageFormat.Png));

    private async Task<double[]> ScoresAsync(string[] photos, string model, params string[] options)
    {
        CommandResult result = await RunAsync(["explain", .. photos, "--model", model, "--output", Output, "--method", "random", "--target", "0", "--save", "npy", "--overwrite", .. options]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return [.. Csv.Parse(File.ReadAllText(At("out", "results.csv"))).Skip(1).Select(row => double.Parse(row[4], CultureInfo.InvariantCulture))];
    }

    private static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));

    private static Comparer<double> Comparer() => Comparer<double>.Create((one, other) => Math.Abs(one - other) < 1e-4 ? 0 : one.CompareTo(other));

    /// <summary>Two scores: the mean of the first plane times a factor, and 0.</summary>
    private static byte[] FirstPlane(int channels = 3, int type = 1, float factor = 1)
    {
        float[] kernel = [factor, .. Enumerable.Repeat(0f, (2 * channels) - 1)];
        return new OnnxModelBuilder().Input("photo", 0, channels, 8, 8).OfType(type).Output("scores", 0, 2)
            .Node("Cast", "photo", "real", ("to", 1)).Weight("k", [2, channels, 1, 1], kernel).Node("Conv", "real k", "maps")
            .Node("GlobalAveragePool", "maps", "pooled").Node("Flatten", "pooled", "flat")
            .Weight("w", [2, 2], 1, 0, 0, 1).Node("Gemm", "flat w", "scores").ToBytes();
    }
}
