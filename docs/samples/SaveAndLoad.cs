// <save>
using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.Data;

// </save>
namespace Samples.SaveAndLoad;

internal static class SaveAndLoad
{
    public static void Example()
    {
        // <save>
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(Directory.GetFiles("abscam-demo/pictures").Select(path => new Photo { FileName = path }));
        var pipeline = mlContext.Transforms.LoadImages("Image", "", "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions { Columns = new() { Probability = "Probability" } }));
        mlContext.Model.Save(pipeline.Fit(photos), photos.Schema, "explain.zip");

        // In another program: the file holds the network, the layer and all options. Load files that you trust.
        ITransformer loaded = mlContext.Model.Load("explain.zip", out DataViewSchema schema);
        float[] probabilities = [.. loaded.Transform(photos).GetColumn<float>("Probability")];
        Console.WriteLine($"{schema.Count} input column, {probabilities.Length} rows explained by the loaded pipeline");

        // </save>
    }
}

// <save>
internal sealed class Photo { public string FileName { get; set; } = ""; }

// </save>
