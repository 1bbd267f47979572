// <grid>
using Microsoft.ML;
using Microsoft.ML.AbsCam;

// </grid>
namespace Samples.GridAndSanity;

internal static class GridAndSanity
{
    public static void Example()
    {
        // <grid>
        var mlContext = new MLContext();
        IDataView files = mlContext.Data.LoadFromEnumerable(Directory.GetFiles("abscam-demo/pictures").Order().Select(path => new Photo { FileName = path }));

        // Grids are made of neighbours, so rows are shuffled; before the images are loaded, since ML.NET's shuffling leaves images out.
        files = mlContext.Data.ShuffleRows(files, seed: 1);
        IDataView photos = mlContext.Transforms.LoadImages("Image", "", "FileName").Fit(files).Transform(files);
        using ImageNetwork network = ImageNetwork.FromOnnx("abscam-demo/demo.onnx");
        var explain = new AbsCamOptions
        {
            Method = SaliencyMethod.GradCam,
            Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
        };

        Console.WriteLine(mlContext.Saliency.GridPointingGame(photos, network, explain));
        Console.WriteLine(mlContext.Saliency.SanityCheck(photos, network, explain));

        // </grid>
    }
}

// <grid>
internal sealed class Photo { public string FileName { get; set; } = ""; }

// </grid>
