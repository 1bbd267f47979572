// <evaluate>
using Microsoft.ML;
using Microsoft.ML.AbsCam;

// </evaluate>
namespace Samples.Evaluate;

internal static class Evaluate
{
    public static void Example()
    {
        // <evaluate>
        var mlContext = new MLContext();
        string[] names = [.. Directory.GetFiles("abscam-demo/pictures").Select(path => Path.GetFileName(path)).Order()];
        IDataView photos = mlContext.Data.LoadFromEnumerable(names.Select(name => new Photo { FileName = name }));
        var pipeline = mlContext.Transforms.LoadImages("Image", "abscam-demo/pictures", "FileName")
            .Append(mlContext.Transforms.LoadImages("Mask", "abscam-demo/masks", "FileName"))
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions
            {
                Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
                Columns = new() { Status = "Status" },
            }));
        using var fitted = pipeline.Fit(photos);
        IDataView explained = fitted.Transform(photos);

        // Masks or, as BoxesColumn, boxes say where objects are. Without them, the measures that need none are taken.
        SaliencyMetrics metrics = mlContext.Saliency.Evaluate(explained, fitted.LastTransformer, new SaliencyEvaluationOptions { MaskColumn = "Mask" });
        Console.WriteLine(metrics);
        Console.WriteLine($"Insertion: {metrics.Insertion!.Mean:0.000}, pointing: {metrics.PointingGame!.Mean:P0} of the classes' photos");

        // The same row by row, as it is enumerated.
        SaliencyMeasure[] measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion(PerturbationProtocol.Rise with { StepPixels = 112 })];
        foreach (SaliencyRowMetrics row in mlContext.Saliency.EvaluateRows(explained, fitted.LastTransformer, new SaliencyEvaluationOptions { Measures = measures }))
        {
            string values = string.Join(", ", row.Values.Select(value => value.IsMeasured ? $"{value.Value:0.000}" : value.Reason));
            Console.WriteLine($"{names[row.Row]}, class {row.Target}: {values}");
        }

        // </evaluate>
    }
}

// <evaluate>
internal sealed class Photo { public string FileName { get; set; } = ""; }

// </evaluate>
