using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>How many forward passes a tolerance saves on pictures of CIFAR-10, and how far the maps then are from the exact ones.</summary>
internal static class ToleranceTable
{
    private const int OfEachClass = 20;

    // The constants of the rule that expects were chosen with every fifth picture.
    private const int Chosen = 5;

    public static void Print()
    {
        string[] pictures = [.. Directory.GetDirectories(Path.Combine(BenchmarkNetwork.Shared, "images", "cifar10")).Order(StringComparer.Ordinal)
            .SelectMany(name => Directory.GetFiles(name, "*.jpg").Order(StringComparer.Ordinal).Where((_, at) => at % Chosen > 0).Take(OfEachClass))];
        double[] tolerances = [0.01, 0.02, 0.05, 0.1];
        Markdown.Heading("Tolerance");
        Markdown.Text($"resnet20-cifar10, {pictures.Length} pictures that the rules were not made with, the default reading. Differences are between a map with the tolerance and the exact one: the mean over pixels, or the largest of a pixel.\n");
        Markdown.Header("tolerance", "kind", "images run a picture", "share of the exact run", "share of its time", "mean difference", "pictures whose mean difference is within the tolerance", "largest mean difference", "largest of a pixel");
        Run exact = Explain(pictures, 0, ToleranceKind.Expected);
        Markdown.Row("0", "exact", Markdown.Number(exact.Forwards.Average(), "0.0"), "1", "1", "0", "", "0", "0");
        foreach (ToleranceKind kind in Enum.GetValues<ToleranceKind>())
        {
            foreach (double tolerance in tolerances)
            {
                Print(tolerance, kind, exact, Explain(pictures, tolerance, kind));
            }
        }

        Markdown.Text($"\nWhat any rule has to run that takes the channels in the same order, guarantees the tolerance for every pixel and knows of a score only that it is a probability ([why](method.md#what-is-computed-and-what-is-not)):\n");
        Markdown.Header("tolerance", "share of the exact run");
        foreach ((double tolerance, double floor) in tolerances.Zip(ToleranceFloor.Of(BenchmarkNetwork.All[1].File, pictures, tolerances)))
        {
            Markdown.Row(Markdown.Number(tolerance, "0.00"), Markdown.Number(floor / exact.Forwards.Average(), "0.000"));
        }
    }

    private static void Print(double tolerance, ToleranceKind kind, Run exact, Run run)
    {
        double[] means = [.. exact.Maps.Zip(run.Maps, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Average())];
        double worst = exact.Maps.Zip(run.Maps, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max()).Max();
        Markdown.Row(
            Markdown.Number(tolerance, "0.00"), kind.ToString().ToLowerInvariant(), Markdown.Number(run.Forwards.Average(), "0.0"), Markdown.Number((double)run.Forwards.Sum() / exact.Forwards.Sum(), "0.000"),
            Markdown.Number(run.Seconds / exact.Seconds, "0.00"), Markdown.Number(means.Average(), "0.0000"), Markdown.Number(100.0 * means.Count(mean => mean <= tolerance) / means.Length, "0.0") + " %",
            Markdown.Number(means.Max(), "0.0000"), Markdown.Number(worst, "0.0000"));
    }

    private static Run Explain(string[] pictures, double tolerance, ToleranceKind kind)
    {
        var context = new MLContext();
        IDataView files = context.Data.LoadFromEnumerable(pictures.Select(file => new FileRow { File = file }).ToArray());
        var options = new AbsCamOptions { Tolerance = tolerance, ToleranceKind = kind, Columns = new() { Forwards = "Forwards", Milliseconds = "Milliseconds" } };
        using TransformerChain<AbsCamTransformer> transformer = context.Transforms.LoadImages("Image", null, nameof(FileRow.File))
            .Append(context.Transforms.AbsCam("Saliency", "Image", BenchmarkNetwork.All[1].File, options)).Fit(files);
        ExplainedRow[] rows = [.. context.Data.CreateEnumerable<ExplainedRow>(transformer.Transform(files), reuseRowObject: false)];
        return new Run([.. rows.Select(row => row.Saliency)], [.. rows.Select(row => row.Forwards)], rows.Sum(row => row.Milliseconds) / 1000.0);
    }

    private sealed record Run(float[][] Maps, int[] Forwards, double Seconds);

    private sealed class ExplainedRow
    {
        public float[] Saliency { get; set; } = [];

        public int Forwards { get; set; }

        public float Milliseconds { get; set; }
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";
    }
}
