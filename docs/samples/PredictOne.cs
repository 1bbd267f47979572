// <engine>
using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.Data;

// </engine>
namespace Samples.PredictOne;

internal static class PredictOne
{
    public static void Example()
    {
        // <engine>
        var mlContext = new MLContext();
        var explain = mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions
        {
            Labels = File.ReadAllLines("abscam-demo/demo-labels.txt"),
            Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
            Columns = new() { Class = "ClassKey", Probability = "Probability" },
        });
        var pipeline = explain.Append(mlContext.Transforms.Conversion.MapKeyToValue("Class", "ClassKey"));

        IDataView noRows = mlContext.Data.LoadFromEnumerable(new List<PhotoInMemory>());
        using var engine = mlContext.Model.CreatePredictionEngine<PhotoInMemory, Explanation>(pipeline.Fit(noRows));
        using MLImage photo = ImageFile.Load(Directory.GetFiles("abscam-demo/pictures").First());
        Explanation why = engine.Predict(new PhotoInMemory { Image = photo });
        Console.WriteLine($"{why.Class} ({why.Probability:P1}), {why.Saliency.Length} values");

        // </engine>
    }
}

// <engine>
internal sealed class PhotoInMemory { public MLImage? Image { get; set; } }

internal sealed class Explanation
{
    public string Class { get; set; } = "";

    public float Probability { get; set; }

    [VectorType(112, 112)]
    public float[] Saliency { get; set; } = [];
}

// </engine>
