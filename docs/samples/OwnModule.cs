// <module>
using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.Data;
using static TorchSharp.torch;

// </module>
namespace Samples.OwnModule;

internal static class OwnModule
{
    public static void Example()
    {
        // <module>
        using var module = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 3, padding: 1)),
            ("relu", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("linear", nn.Linear(8, 2)));
        using ImageNetwork network = ImageNetwork.FromModule(module, layer: "relu", inputHeight: 16, inputWidth: 16);

        var mlContext = new MLContext();
        var rows = new List<Pixels> { new() { Image = [.. Enumerable.Range(0, 3 * 16 * 16).Select(i => (i % 16) / 16f)] } };
        IDataView data = mlContext.Data.LoadFromEnumerable(rows);
        using var transformer = mlContext.Transforms.AbsCam("Saliency", "Image", network).Fit(data);
        VBuffer<float> map = transformer.Transform(data).GetColumn<VBuffer<float>>("Saliency").First();
        Console.WriteLine($"a map of {map.Length} values from a TorchSharp module");

        // </module>
    }
}

// <module>
internal sealed class Pixels
{
    [VectorType(3, 16, 16)]
    public float[] Image { get; set; } = [];
}

// </module>
