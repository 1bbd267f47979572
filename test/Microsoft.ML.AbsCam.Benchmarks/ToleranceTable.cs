using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>How many forward passes a tolerance saves on pictures of CIFAR-10, and how far the maps then are from the exact ones.</summary>
internal static class ToleranceTable
{
    private const int OfEachClass = 10;

    public static void Print()
    {
        string[] pictures = [.. Directory.GetDirectories(Path.Combine(BenchmarkNetwork.Shared, "images", "cifar10")).Order(StringComparer.Ordinal)
            .SelectMany(name => Directory.GetFiles(name, "*.jpg").Order(StringComparer.Ordinal).Take(OfEachClass))];
        Markdown.Heading("Tolerance");
        Markdown.Text($"resnet20-cifar10, {pictures.Length} pictures, the default reading. The last column is what any rule has to run that takes the channels in the same order and knows of a score only that it is a probability ([why](method.md#what-is-computed-and-what-is-not)).\n");
        Markdown.Header("tolerance", "images run a picture", "share of the exact run", "largest difference of a pixel", "share that no rule in this order can do without");
        (float[][] exact, int[] all) = Explain(pictures, 0);
        Markdown.Row("0, exact", Markdown.Number(all.Average(), "0.0"), "1", "0", "");
        double[] tolerances = [0.01, 0.02, 0.05, 0.1];
        double[] floors = ToleranceFloor.Of(BenchmarkNetwork.All[1].File, pictures, tolerances);
        foreach ((double tolerance, double floor) in tolerances.Zip(floors))
        {
            (float[][] maps, int[] forwards) = Explain(pictures, tolerance);
            double worst = exact.Zip(maps, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max()).Max();
            Markdown.Row(Markdown.Number(tolerance, "0.00"), Markdown.Number(forwards.Average(), "0.0"), Markdown.Number((double)forwards.Sum() / all.Sum(), "0.000"), Markdown.Number(worst, "0.0000"), Markdown.Number(floor / all.Average(), "0.000"));
        }
    }

    private static (float[][] Maps, int[] Forwards) Explain(string[] pictures, double tolerance)
    {
        var context = new MLContext();
        IDataView files = context.Data.LoadFromEnumerable(pictures.Select(file => new FileRow { File = file }).ToArray());
        using TransformerChain<AbsCamTransformer> transformer = context.Transforms.LoadImages("Image", null, nameof(FileRow.File))
            .Append(context.Transforms.AbsCam("Saliency", "Image", BenchmarkNetwork.All[1].File, new AbsCamOptions { Tolerance = tolerance, ForwardsColumn = "Forwards" })).Fit(files);
        IDataView explained = transformer.Transform(files);
        return ([.. explained.GetColumn<VBuffer<float>>("Saliency").Select(map => map.DenseValues().ToArray())], [.. explained.GetColumn<int>("Forwards")]);
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";
    }
}
