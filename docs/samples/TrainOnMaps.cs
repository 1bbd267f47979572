// <train>
using Microsoft.ML;
using Microsoft.ML.AbsCam;

// </train>
namespace Samples.TrainOnMaps;

internal static class TrainOnMaps
{
    public static void Example()
    {
        // <train>
        // A trainer reads its data many times. The checkpoint explains each photo once and keeps the maps for it.
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Directory.GetFiles("abscam-demo/pictures").Select(path => new Photo { FileName = path }));
        var pipeline = mlContext.Transforms.LoadImages("Image", "", "FileName")
            .Append(mlContext.Transforms.AbsCam("Saliency", "Image", "abscam-demo/demo.onnx", new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial }))
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.Clustering.Trainers.KMeans("Saliency", numberOfClusters: 2));
        IDataView clusters = pipeline.Fit(photos).Transform(photos);
        Console.WriteLine($"the maps' clusters: {string.Join(", ", mlContext.Data.CreateEnumerable<Cluster>(clusters, reuseRowObject: false).Select(row => row.PredictedLabel))}");

        // </train>
    }
}

// <train>
internal sealed class Photo { public string FileName { get; set; } = ""; }

internal sealed class Cluster { public uint PredictedLabel { get; set; } }

// </train>
