// <memory>
using Microsoft.ML;
using Microsoft.ML.Data;

// </memory>
namespace Samples.ModelFromMemory;

internal static class ModelFromMemory
{
    public static void Example()
    {
        // <memory>
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(Directory.GetFiles("abscam-demo/pictures").Select(path => new Photo { FileName = path }));
        byte[] model = File.ReadAllBytes("abscam-demo/demo.onnx");
        var pipeline = mlContext.Transforms.LoadImages("Image", "", "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", model, gpuDeviceId: 0, fallbackToCpu: true));
        using var fitted = pipeline.Fit(photos);
        Console.WriteLine($"{fitted.Transform(photos).GetColumn<float[]>("Saliency").Count()} maps of a network that lies in memory");

        // </memory>
    }
}

// <memory>
internal sealed class Photo { public string FileName { get; set; } = ""; }

// </memory>
