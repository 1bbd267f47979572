using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.Data;

namespace Samples;

/// <summary>
/// A folder with what <c>abscam demo</c> leaves, and with Parquet files of <c>abscam explain</c>, of a few pictures. It is the working folder until it
/// is removed on disposal.
/// </summary>
internal sealed class SampleInputs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("abscam-samples");
    private readonly string _before = Directory.GetCurrentDirectory();

    public SampleInputs(int pictures)
    {
        Directory.SetCurrentDirectory(_folder.FullName);
        Directory.CreateDirectory("abscam-demo/pictures");
        Directory.CreateDirectory("abscam-demo/masks");
        File.WriteAllBytes("abscam-demo/demo.onnx", DemoNetwork.ReadOnnx());
        File.WriteAllLines("abscam-demo/demo-labels.txt", DemoNetwork.Classes);
        foreach (DemoScene scene in DemoScenes.HeldOut(pictures))
        {
            File.WriteAllBytes($"abscam-demo/pictures/{scene.ClassName}.png", scene.EncodePng());
            File.WriteAllBytes($"abscam-demo/masks/{scene.ClassName}.png", scene.EncodeMaskPng());
        }

        ExplainIntoParquet();
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Delete(recursive: true);
    }

    private static void ExplainIntoParquet()
    {
        var mlContext = new MLContext();
        string[] names = [.. Directory.GetFiles("abscam-demo/pictures").Select(path => Path.GetFileName(path)).Order()];
        IDataView photos = mlContext.Data.LoadFromEnumerable(names.Select(name => new PredictOne.PhotoInMemory { Image = ImageFile.Load(Path.Combine("abscam-demo/pictures", name)) }).ToList());
        using var transformer = mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions { Columns = new() { Probability = "Probability" } }).Fit(photos);
        IDataView explained = transformer.Transform(photos);

        Directory.CreateDirectory("out/parquet");
        foreach ((string name, float probability, float[] map) in names.Zip(explained.GetColumn<float>("Probability"), explained.GetColumn<float[]>("Saliency")))
        {
            using FileStream part = File.Create($"out/parquet/{name}.parquet");
            ParquetPart.Write(part, [new ParquetRow(name, "Ok", null, null, probability, "", 112, 112, map)], ParquetMaps.Single);
        }
    }
}
