using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples;

internal static class ExplainFolder
{
    public static void Example(string photoFolder, IEnumerable<string> fileNames, string modelFile, string labelFile)
    {
        // <pipeline>
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(fileNames.Select(name => new Photo { FileName = name }).ToList());

        var pipeline = mlContext.Transforms.LoadImages("Image", photoFolder, "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", modelFile, new AbsCamOptions
            {
                Labels = File.ReadAllLines(labelFile),
                Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
                Columns = new() { Class = "Class", Probability = "Probability", Status = "Status", Overlay = "Overlay" },
            }));

        // Nothing has run yet: rows are explained while they are read, in batches.
        IDataView explained = pipeline.Fit(photos).Transform(photos);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        var name = cursor.GetGetter<ReadOnlyMemory<char>>(explained.Schema["FileName"]);
        var map = cursor.GetGetter<VBuffer<float>>(explained.Schema["Saliency"]);
        var overlay = cursor.GetGetter<MLImage>(explained.Schema["Overlay"]);
        ReadOnlyMemory<char> fileName = default;
        VBuffer<float> saliency = default;
        MLImage picture = null!;
        while (cursor.MoveNext())
        {
            name(ref fileName);
            map(ref saliency);
            overlay(ref picture);
            float[] values = [.. saliency.DenseValues()];
            int highest = Array.IndexOf(values, values.Max());
            Console.WriteLine($"{fileName}: highest at row {highest / 112}, column {highest % 112}");
            picture.Save(Path.Combine(photoFolder, Path.ChangeExtension(fileName.ToString(), ".overlay.png")));
        }

        // </pipeline>
    }
}
