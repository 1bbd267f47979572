using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>Trains a network with a plant, or without, audits it, and compares what is found with what was planted.</summary>
internal static class AuditedNetwork
{
    private const int Side = DrawnScene.Side;

    /// <summary>What came of one network.</summary>
    /// <param name="Plant">What was planted; null for a clean network.</param>
    /// <param name="Accuracy">On pictures as it was trained on.</param>
    /// <param name="Reliance">How much planting it into clean pictures of other classes raises the class's probability: whether it was learnt.</param>
    /// <param name="Found">Whether a shortcut of the class is reported.</param>
    /// <param name="FalseAlarms">Reported shortcuts of other classes.</param>
    /// <param name="Overlap">Intersection over union of the reported pixels and the planted ones.</param>
    /// <param name="TrainingSeconds">Seconds to train.</param>
    /// <param name="ExplainSeconds">Seconds to explain the pictures once.</param>
    /// <param name="AuditSeconds">Seconds of the audit beside.</param>
    /// <param name="Report">The report.</param>
    internal sealed record Outcome(Plant? Plant, double Accuracy, double Reliance, bool Found, int FalseAlarms, double Overlap, double TrainingSeconds, double ExplainSeconds, double AuditSeconds, AuditReport Report);

    /// <param name="lessons">Scenes to train on.</param>
    /// <param name="exam">Scenes to audit on.</param>
    /// <param name="plant">What is planted.</param>
    /// <param name="epochs">How long to train.</param>
    /// <param name="seed">What weights are drawn from.</param>
    /// <param name="knowsObjects">Whether the audit is told where objects are.</param>
    /// <param name="folder">Where trained networks are kept; null for nowhere.</param>
    public static Outcome Run(DrawnScene[] lessons, DrawnScene[] exam, Plant? plant, int epochs, int seed, bool knowsObjects, string? folder)
    {
        using var network = new SmallNetwork(seed);
        var clock = Stopwatch.StartNew();
        string? kept = folder is null ? null : Path.Combine(folder, $"{seed}.weights");
        if (kept is null || !network.Load(kept))
        {
            network.Train([.. lessons.Select(scene => Seen(plant, scene).Pixels)], [.. lessons.Select(scene => scene.Class)], epochs, seed);
            if (kept is not null)
            {
                network.Save(kept);
            }
        }

        double training = clock.Elapsed.TotalSeconds;
        Row[] rows = [.. exam.Select(scene => new Row(scene, Seen(plant, scene)))];
        float[][] scores = network.Score(rows.Select(row => row.Pixels));
        double accuracy = rows.Zip(scores).Count(pair => Array.IndexOf(pair.Second, pair.Second.Max()) == pair.First.Truth) / (double)rows.Length;
        double reliance = plant is null ? 0 : Reliance(network, plant, [.. exam.Where(scene => scene.Class != plant.Class).Take(200)]);

        var context = new MLContext(1);
        using ImageNetwork open = network.Open();
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Mask)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Side, Side);
        IDataView view = context.Data.LoadFromEnumerable(rows, schema);
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Row.Image), open, new AbsCamOptions
        {
            Method = SaliencyMethod.HiResCam,
            Labels = DrawnScene.Names,
            Preprocessing = ImagePreprocessing.For(Side, Side) with { Resize = ResizeRule.Squash, Mean = [0.45f, 0.45f, 0.45f], Std = [0.25f, 0.25f, 0.25f] },
            Columns = new() { HeatFeatures = "Features", Status = "Status" },
            BatchSize = 32,
        }).Fit(view);
        clock.Restart();
        IDataView explained = transformer.Transform(view);
        _ = explained.GetColumn<VBuffer<float>>("Map").Count();
        double explaining = clock.Elapsed.TotalSeconds;
        clock.Restart();
        AuditReport report = context.Saliency.Audit(explained, transformer, new AuditOptions { TruthColumn = nameof(Row.Truth), NameColumn = nameof(Row.Name), MaskColumn = knowsObjects ? nameof(Row.Mask) : null });

        // The audit explains the pictures once more.
        double auditing = clock.Elapsed.TotalSeconds - explaining;
        AuditFinding[] shortcuts = [.. report.Findings.Where(finding => finding.Kind == AuditFindingKind.Shortcut)];
        AuditFinding? own = shortcuts.FirstOrDefault(finding => finding.ClassIndex == plant?.Class);
        return new Outcome(
            plant, accuracy, reliance, own is not null, shortcuts.Count(finding => finding.ClassIndex != plant?.Class), own?.Region is { } region ? Overlap(region, plant!, exam) : 0, training, explaining, auditing, report);
    }

    private static (byte[] Pixels, bool[]? Planted) Seen(Plant? plant, DrawnScene scene) => plant?.IsFor(scene) == true ? plant.Put(scene) : (scene.Pixels, null);

    private static double Reliance(SmallNetwork network, Plant plant, DrawnScene[] clean)
    {
        float[][] before = network.Score(clean.Select(scene => scene.Pixels));
        float[][] after = network.Score(clean.Select(scene => plant.Put(scene).Pixels));
        return after.Zip(before, (now, then) => now[plant.Class] - then[plant.Class]).Average();
    }

    // The mean over the pictures that have the plant, which may lie elsewhere in each.
    private static double Overlap(AuditRegion region, Plant plant, DrawnScene[] exam) => exam.Where(plant.IsFor).Select(scene => plant.Put(scene).Planted)
        .Average(planted => region.Pixels.Zip(planted).Count(pair => pair.First && pair.Second) / (double)Math.Max(1, region.Pixels.Zip(planted).Count(pair => pair.First || pair.Second)));

    private sealed class Row(DrawnScene scene, (byte[] Pixels, bool[]? Planted) seen)
    {
        private MLImage? _image;

        public byte[] Pixels => seen.Pixels;

        public string Name => $"{scene.Seed}{(seen.Planted is null ? "" : "*")}";

        public int Truth => scene.Class;

        [ImageType(Side, Side)]
        public MLImage Image => _image ??= MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, seen.Pixels);

        public float[] Mask => Array.ConvertAll(scene.Object, isIn => isIn ? 1f : 0f);
    }
}
