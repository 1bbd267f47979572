using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples;

internal static class SaveAndLoad
{
    public static void Example(string photoFolder, IEnumerable<string> fileNames, string modelFile, string labelFile)
    {
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(fileNames.Select(name => new Photo { FileName = name }).ToList());
        var pipeline = mlContext.Transforms.LoadImages("Image", photoFolder, "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", modelFile, new AbsCamOptions { Labels = File.ReadAllLines(labelFile), Columns = new() { Probability = "Probability" } }));
        string savedFile = Path.Combine(photoFolder, "explain.zip");

        // <save>
        ITransformer fitted = pipeline.Fit(photos);
        mlContext.Model.Save(fitted, photos.Schema, savedFile);

        // In another program: the file holds the network, the layer and all options. Load files that you trust.
        ITransformer loaded = mlContext.Model.Load(savedFile, out DataViewSchema schema);
        float[] probabilities = [.. loaded.Transform(photos).GetColumn<float>("Probability")];

        // </save>
        Console.WriteLine($"{schema.Count} input column, {probabilities.Length} rows explained by the loaded pipeline");
    }
}
