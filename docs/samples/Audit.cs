// <audit>
using Microsoft.ML;
using Microsoft.ML.AbsCam;

// </audit>
namespace Samples.Audit;

internal static class Audit
{
    public static void Example()
    {
        // <audit>
        var mlContext = new MLContext(seed: 1);
        string[] names = [.. Directory.GetFiles("abscam-demo/pictures").Select(path => Path.GetFileName(path)).Order()];
        IDataView photos = mlContext.Data.LoadFromEnumerable(names.Select(name => new Photo { FileName = name }));
        var pipeline = mlContext.Transforms.LoadImages("Image", "abscam-demo/pictures", "FileName")
            .Append(mlContext.Transforms.LoadImages("Mask", "abscam-demo/masks", "FileName"))
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions
            {
                Method = SaliencyMethod.HiResCam,
                Labels = File.ReadAllLines("abscam-demo/demo-labels.txt"),
                Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [0.45f, 0.45f, 0.4f], Std = [0.25f, 0.25f, 0.25f] },
                Columns = new() { HeatFeatures = "HeatFeatures", Status = "Status" },
            }));
        using var fitted = pipeline.Fit(photos);
        AuditReport report = mlContext.Saliency.Audit(fitted.Transform(photos), fitted.LastTransformer, new AuditOptions { MaskColumn = "Mask", NameColumn = "FileName" });
        foreach (AuditFinding finding in report.Findings)
        {
            Console.WriteLine($"{finding.Kind}: {finding.Sentence}");
            foreach (AuditPicture picture in finding.Pictures)
            {
                picture.After.Save($"{finding.ClassName}-{picture.Row}.png");
            }
        }

        // What was looked for and not found, and what would have been.
        Console.WriteLine(string.Join('\n', report.Tested));

        // </audit>
    }
}

// <audit>
internal sealed class Photo { public string FileName { get; set; } = ""; }

// </audit>
