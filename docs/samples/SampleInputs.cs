using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples;

/// <summary>A folder with the demo's network and a few of its pictures; it is removed on disposal.</summary>
internal sealed class SampleInputs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("abscam-samples");

    public SampleInputs()
    {
        File.WriteAllBytes(Model, DemoNetwork.ReadOnnx());
        File.WriteAllLines(Labels, DemoNetwork.Classes);
        foreach (DemoScene scene in DemoScenes.HeldOut(3))
        {
            string name = scene.ClassName + ".png";
            File.WriteAllBytes(Path.Combine(PhotoFolder, name), scene.EncodePng());
            FileNames.Add(name);
            Boxes.Add(BoxAround(scene));
        }
    }

    public string PhotoFolder => _folder.FullName;

    public List<string> FileNames { get; } = [];

    /// <summary>A box around each picture's object: left, top, right, bottom.</summary>
    public List<float[]> Boxes { get; } = [];

    public string Model => Path.Combine(_folder.FullName, "demo.onnx");

    public string Labels => Path.Combine(_folder.FullName, "demo-labels.txt");

    /// <returns>A folder of Parquet files as the command leaves it: one for each of the pictures.</returns>
    public string ExplainIntoParquet()
    {
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(FileNames.Select(name => new Photo { FileName = name }).ToList());
        var pipeline = mlContext.Transforms.LoadImages("Image", PhotoFolder, "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", Model, new AbsCamOptions { Columns = new() { Probability = "Probability" } }));
        using TransformerChain<AbsCamTransformer> fitted = pipeline.Fit(photos);
        IDataView explained = fitted.Transform(photos);

        string folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "parquet")).FullName;
        foreach ((string name, float probability, float[] map) in FileNames.Zip(explained.GetColumn<float>("Probability"), explained.GetColumn<float[]>("Saliency")))
        {
            using FileStream part = File.Create(Path.Combine(folder, Path.ChangeExtension(name, ".parquet")));
            ParquetPart.Write(part, [new ParquetRow(name, "Ok", null, null, probability, "", 112, 112, map)], ParquetMaps.Single);
        }

        return folder;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static float[] BoxAround(DemoScene scene)
    {
        bool[] mask = scene.Mask.ToArray();
        int[] pixels = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i])];
        return [pixels.Min(i => i % scene.Width), pixels.Min(i => i / scene.Width), pixels.Max(i => i % scene.Width) + 1, pixels.Max(i => i / scene.Width) + 1];
    }
}
