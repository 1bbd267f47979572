using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>What a person sees of a run.</summary>
[TestClass]
[DoNotParallelize]
public class WhileItRunsTests : CommandTest
{
    private static readonly string[] Measures = ["deletion", "insertion", "drop", "increase", "pointing", "energy-pointing", "coherency", "complexity", "adcc"];

    [TestMethod]
    public void Progress_moves_within_a_batch_and_tells_seconds_where_it_is_slow()
    {
        ProgressText slow = new("image", 0, 0, 100) { Together = 8, Masks = 256, MasksToRun = 1024 };
        Assert.AreEqual(2, slow.Exactly, 1e-9);
        Assert.AreEqual("0 of 100 images, 5.0 s an image, 00:08:10 left; masks 256 of 1024", slow.After(TimeSpan.FromSeconds(10)));
        Assert.AreEqual("50 of 100 images, 5.0 images/s, 00:00:10 left", new ProgressText("image", 0, 50, 100).After(TimeSpan.FromSeconds(10)));
        Assert.AreEqual("0 of 100 images", new ProgressText("image", 0, 0, 100).After(TimeSpan.FromSeconds(10)));
        Assert.AreEqual("1 of 4 maps, 10.0 s a map, 00:00:30 left; grad-cam: a.png and 7 more", new ProgressText("map", 0, 1, 4) { UnderWay = "grad-cam: a.png and 7 more" }.After(TimeSpan.FromSeconds(10)));
    }

    [TestMethod]
    public void After_an_interruption_progress_starts_where_it_is_and_its_rate_is_its_own()
        => Assert.AreEqual("95 of 100 images, 2.0 s an image, 00:00:10 left", new ProgressText("image", 90, 95, 100).After(TimeSpan.FromSeconds(10)));

    [TestMethod]
    [DataRow("abs-cam")]
    [DataRow("abs-cam-whole")]
    [DataRow("score-cam")]
    [DataRow("ablation-cam")]
    [DataRow("group-cam")]
    [DataRow("rise(masks=30)")]
    [DataRow("smooth(abs-cam,samples=2)")]
    public void A_batch_tells_its_masks(string method)
    {
        var told = new List<(int Done, int Total)>();
        using ImageNetwork network = ImageNetwork.FromOnnx(Model());
        using var watch = new MaskWatch((done, total) => told.Add((done, total)));
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(method), MaskBatchSize = 1 };
        var context = new MLContext(seed: 1);
        IDataView photos = context.Data.LoadFromEnumerable(new[] { new Photo { Pixels = [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => i % 97 / 97f)] } });
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Photo.Pixels), network, options).Fit(photos);
        _ = transformer.Transform(photos).GetColumn<float[]>("Map").Single();
        Assert.IsTrue(told.All(step => step.Done <= step.Total), string.Join(' ', told));
        Assert.AreEqual((0, 0), told[^1], "the batch is over");
        Assert.IsGreaterThan(0, told[^2].Done);
        Assert.AreEqual(told[^2].Total, told[^2].Done);
    }

    [TestMethod]
    public void A_comparison_names_photo_and_method_and_begins_where_it_is()
    {
        InputFile[] files = [.. ((string[])["a", "b", "c"]).Select(name => new InputFile(Spot($"photos/{name}.png"), $"{name}.png", name))];
        using ImageNetwork network = ImageNetwork.FromOnnx(Model());
        var settings = new ComparisonSettings
        {
            Files = files,
            Network = network,
            Output = Output,
            Sources = [new MethodSource(SaliencyMethod.GradCam), new MethodSource(SaliencyMethod.Random)],
            Measures = [SaliencyMeasure.All().First(measure => measure.Name == "drop")],
            Options = new AbsCamOptions { BatchSize = 2 },
            Identity = new Dictionary<string, string>(),
            Facts = [],
            Resume = true,
        };
        var first = new Told();
        Assert.IsNotNull(new ComparisonRun(settings with { Sources = [settings.Sources[0]] }, first).Run(CancellationToken.None));
        CollectionAssert.AreEqual((string[])["0 of 3 maps", "grad-cam: a.png and 1 more", "grad-cam: c.png"], first.Said);
        var second = new Told();
        Assert.IsNotNull(new ComparisonRun(settings, second).Run(CancellationToken.None));
        CollectionAssert.AreEqual((string[])["3 of 6 maps", "random: a.png and 1 more", "random: c.png"], second.Said);
    }

    [TestMethod]
    [DataRow(80)]
    [DataRow(140)]
    public void A_table_fits_the_terminal_and_uses_what_is_there(int width)
    {
        Comparison comparison = Compared();
        string[] lines = [.. ConsoleTable.Lines(comparison, width)];
        Assert.IsTrue(lines.All(line => line.Length <= width), string.Join('\n', lines));
        Assert.IsGreaterThan(width / 2, lines.Max(line => line.Length));
        string text = string.Join('\n', lines);
        foreach (string measure in Measures)
        {
            StringAssert.Contains(text, measure + " \u2191");
        }

        Assert.IsInRange(1, width == 80 ? 3 : 1, lines.Count(line => line.StartsWith("abs-cam-per-channel", StringComparison.Ordinal)), text);
        Assert.IsFalse(text.Contains('[', StringComparison.Ordinal), "intervals are on demand where they do not fit");

        string[] intervals = [.. ConsoleTable.Lines(comparison, width, withIntervals: true)];
        Assert.IsTrue(intervals.All(line => line.Length <= width), string.Join('\n', intervals));
        Assert.AreEqual(2 * Measures.Length, string.Join('\n', intervals).Split('[').Length - 1);
    }

    [TestMethod]
    public void A_pipe_takes_the_table_whole()
    {
        string[] lines = [.. ConsoleTable.Lines(Compared(), int.MaxValue)];
        Assert.HasCount(3, lines);
        StringAssert.Contains(lines[1], "[0.400, 0.600]");
    }

    private static Comparison Compared()
    {
        TableCell[] cells = [.. Measures.Select(measure => new TableCell(measure, "", true, 0.5, 0.4, 0.6, 10, 0))];
        return new Comparison([.. ((string[])["abs-cam-per-channel", "random"]).Select(name => new ComparisonLine(name, new SaliencyMetrics([], 0, [], 0), cells, [], 512, 10))]);
    }

    private sealed class Told : IRunLog
    {
        public List<string> Said { get; } = [];

        public void Line(string text)
        {
        }

        public void Trouble(string text) => Assert.Fail(text);

        public void Begin(string unit, int done, int total, int together) => Said.Add(string.Create(CultureInfo.InvariantCulture, $"{done} of {total} {unit}s"));

        public void Progress(int done, string? underWay) => Said.AddRange(new[] { underWay }.OfType<string>());

        public void Masks(int done, int total)
        {
        }
    }

    private sealed class Photo
    {
        [VectorType(3, 64, 64)]
        public float[] Pixels { get; set; } = [];
    }
}
