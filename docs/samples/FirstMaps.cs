// <program>
using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.Data;

// </program>
namespace Samples.FirstMaps;

internal static class FirstMaps
{
    public static void Example()
    {
        // <program>
        var mlContext = new MLContext();
        var photos = mlContext.Data.LoadFromEnumerable(Directory.GetFiles("abscam-demo/pictures").Order().Select(path => new Photo { FileName = path }));
        var pipeline = mlContext.Transforms.LoadImages("Image", "", "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions
            {
                Labels = File.ReadAllLines("abscam-demo/demo-labels.txt"),
                Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
                Columns = new() { Class = "ClassKey", Probability = "Probability", Overlay = "Overlay" },
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Class", "ClassKey"));

        // Nothing has run yet: rows are explained while they are read, in batches.
        foreach (var photo in mlContext.Data.CreateEnumerable<Explained>(pipeline.Fit(photos).Transform(photos), reuseRowObject: false))
        {
            string name = Path.GetFileName(photo.FileName);
            Console.WriteLine($"{name}: {photo.Class} ({photo.Probability:P1})");
            photo.Overlay!.Save(name);
        }

        // </program>
    }
}

// <program>
internal class Photo { public string FileName { get; set; } = ""; }

internal sealed class Explained : Photo
{
    public string Class { get; set; } = "";
    public float Probability { get; set; }
    public MLImage? Overlay { get; set; }
}

// </program>
