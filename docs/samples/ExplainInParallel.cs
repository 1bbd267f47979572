// <parallel>
using Microsoft.ML;
using Microsoft.ML.Data;

// </parallel>
namespace Samples.ExplainInParallel;

internal static class ExplainInParallel
{
    public static void Example()
    {
        // <parallel>
        // A fitted transformer of a file has a network of its own, so that none waits for another's turn. Every worker takes a part of the rows. Where
        // workers are as many as cores, start the program with OMP_NUM_THREADS=1, so that they do not ask for all cores each.
        int workers = 2;
        string[] files = Directory.GetFiles("abscam-demo/pictures");
        string[][] parts = [.. files.Chunk((files.Length + workers - 1) / workers)];
        float[][][] maps = new float[parts.Length][][];
        Parallel.For(0, parts.Length, part =>
        {
            var mlContext = new MLContext();
            IDataView photos = mlContext.Data.LoadFromEnumerable(parts[part].Select(path => new Photo { FileName = path }));
            var pipeline = mlContext.Transforms.LoadImages("Image", "", "FileName")
                .Append(mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx"));
            using var fitted = pipeline.Fit(photos);
            maps[part] = [.. fitted.Transform(photos).GetColumn<float[]>("Saliency")];
        });
        Console.WriteLine($"{maps.Sum(part => part.Length)} maps, by {parts.Length} workers");

        // </parallel>
    }
}

// <parallel>
internal sealed class Photo { public string FileName { get; set; } = ""; }

// </parallel>
