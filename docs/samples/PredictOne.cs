using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples;

internal static class PredictOne
{
    public static void Example(string photoFolder, IEnumerable<string> fileNames, string modelFile, string labelFile)
    {
        // <engine>
        var mlContext = new MLContext();
        var explain = mlContext.Transforms.AbsCam("Saliency", "Image", modelFile, new AbsCamOptions
        {
            Labels = File.ReadAllLines(labelFile),
            Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
            Columns = new() { Class = "ClassKey", Probability = "Probability" },
        });
        var pipeline = explain.Append(mlContext.Transforms.Conversion.MapKeyToValue("Class", "ClassKey"));

        IDataView noRows = mlContext.Data.LoadFromEnumerable(new List<PhotoInMemory>());
        using var engine = mlContext.Model.CreatePredictionEngine<PhotoInMemory, Explanation>(pipeline.Fit(noRows));
        using MLImage photo = ImageFile.Load(Path.Combine(photoFolder, fileNames.First()));
        Explanation why = engine.Predict(new PhotoInMemory { Image = photo });
        Console.WriteLine($"{why.Class} ({why.Probability:P1}), {why.Saliency.Length} values");

        // </engine>
    }
}
