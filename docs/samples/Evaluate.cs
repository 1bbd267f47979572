using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples;

internal static class Evaluate
{
    public static void Example(string photoFolder, IReadOnlyList<string> fileNames, IReadOnlyList<float[]> boxes, string modelFile)
    {
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(fileNames.Select((name, i) => new PhotoWithBoxes { FileName = name, Boxes = boxes[i] }).ToList());
        var pipeline = mlContext.Transforms.LoadImages("Image", photoFolder, "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", modelFile, new AbsCamOptions
            {
                Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
                Columns = new() { Status = "Status" },
            }));

        // <evaluate>
        using TransformerChain<AbsCamTransformer> fitted = pipeline.Fit(photos);
        IDataView explained = fitted.Transform(photos);

        // Boxes are left, top, right, bottom in pixels of the photo; without them, the measures that need none are taken.
        SaliencyMetrics metrics = mlContext.Saliency.Evaluate(explained, fitted.LastTransformer, new SaliencyEvaluationOptions { BoxesColumn = "Boxes" });
        Console.WriteLine(metrics);
        Console.WriteLine($"Insertion: {metrics.Insertion!.Mean:0.000}, pointing: {metrics.PointingGame!.Mean:P0} of the classes' photos");

        // </evaluate>

        // <rows>
        SaliencyMeasure[] measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion(PerturbationProtocol.Rise with { StepPixels = 112 })];
        foreach (SaliencyRowMetrics row in mlContext.Saliency.EvaluateRows(explained, fitted.LastTransformer, new SaliencyEvaluationOptions { Measures = measures }))
        {
            Console.WriteLine($"{fileNames[(int)row.Row]}, class {row.Target}: {string.Join(", ", row.Values.Select(value => value.IsMeasured ? $"{value.Value:0.000}" : value.Reason))}");
        }

        // </rows>
    }

    private sealed class PhotoWithBoxes
    {
        public string FileName { get; set; } = "";

        public float[] Boxes { get; set; } = [];
    }
}
