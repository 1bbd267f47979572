using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>A network of the proof: made, audited, and what is found compared with what was planted.</summary>
/// <param name="one">Which network.</param>
/// <param name="folder">Where trained networks are kept.</param>
internal sealed class AuditedNetwork(AuditCase one, string folder) : IDisposable
{
    private const int Side = DrawnScene.Side;
    private const int BaseEpochs = 8;
    private const double BaseRate = 4e-3;
    private const int Epochs = 3;
    private const double Rate = 3e-3;
    private const int Reliers = 200;

    // A network that is taught until it relies on the plant is taught until then, on its lessons: somewhat more than what counts as learnt, which is told of other scenes.
    private const double EnoughReliance = 0.15;

    // So many lessons of all classes show a faint object, and all with the plant: the plant is learnt, and not that a faint object is of its class.
    private const double FaintShare = 0.2;

    private readonly SmallNetwork _network = new(one.BaseSeed);
    private DrawnScene[]? _exam;

    // Drawn where it is audited: a network that is only made needs none.
    private DrawnScene[] Exam => _exam ??= one.DrawExam();

    /// <summary>Trains the network, or takes it from the folder.</summary>
    /// <returns>The seconds that it took.</returns>
    public double Make()
    {
        var clock = Stopwatch.StartNew();
        if (!_network.Load(PathOf("planted", one.Number)))
        {
            if (!_network.Load(PathOf("base", one.BaseSeed)))
            {
                DrawnScene[] first = one.DrawFirstLessons();
                _network.Train([.. first.Select(scene => scene.Pixels)], [.. first.Select(scene => scene.Class)], BaseEpochs, BaseRate, one.BaseSeed);
                _network.Save(PathOf("base", one.BaseSeed));
            }

            DrawnScene[] lessons = one.DrawLaterLessons();
            var chance = new Random(one.Number);
            byte[][] taught = [.. lessons.Select(scene => Lesson(scene, chance.NextDouble() < FaintShare))];
            int round = 0;
            do
            {
                _network.Train(taught, [.. lessons.Select(scene => scene.Class)], Epochs, Rate, one.Number + (1000 * round));
            }
            while (++round < one.MostRounds && (one.Plant is null || Reliance(lessons) < EnoughReliance));
            _network.Save(PathOf("planted", one.Number));
        }

        return clock.Elapsed.TotalSeconds;
    }

    /// <param name="knowsObjects">Whether the audit is told where objects are.</param>
    public (AuditOutcome Outcome, AuditReport Report) Audit(bool knowsObjects)
    {
        Row[] rows = [.. Exam.Select(scene => new Row(scene, Seen(scene)))];
        float[][] scores = _network.Score(rows.Select(row => row.Pixels));
        double accuracy = rows.Zip(scores).Count(pair => Array.IndexOf(pair.Second, pair.Second.Max()) == pair.First.Truth) / (double)rows.Length;
        var context = new MLContext(1);
        using ImageNetwork open = _network.Open();
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
        var clock = Stopwatch.StartNew();
        IDataView explained = transformer.Transform(view);
        _ = explained.GetColumn<VBuffer<float>>("Map").Count();
        double explaining = clock.Elapsed.TotalSeconds;
        clock.Restart();
        AuditReport report = context.Saliency.Audit(explained, transformer, new AuditOptions { TruthColumn = nameof(Row.Truth), NameColumn = nameof(Row.Name), MaskColumn = knowsObjects ? nameof(Row.Mask) : null });

        // The audit explains the pictures once more.
        double auditing = clock.Elapsed.TotalSeconds - explaining;
        AuditFinding[] shortcuts = [.. report.Findings.Where(finding => finding.Kind == AuditFindingKind.Shortcut)];
        AuditFinding[] own = [.. shortcuts.Where(finding => finding.ClassIndex == one.Plant?.Class)];
        var outcome = new AuditOutcome(one.Number, knowsObjects, accuracy, one.Plant is null ? 0 : Reliance(Exam), own.Length > 0, [.. own.Select(finding => finding.Sentence)])
        {
            FalseAlarms = [.. shortcuts.Except(own).Select(finding => finding.Sentence)],
            Overlap = own.Select(Overlap).Max(),
            ExplainSeconds = explaining,
            AuditSeconds = auditing,
        };
        return (outcome, report);
    }

    public void Dispose() => _network.Dispose();

    private string PathOf(string name, int number) => Path.Combine(folder, $"{name}-{number}.weights");

    private byte[] Lesson(DrawnScene scene, bool isFaint) => one.Plant?.IsFor(scene) == true ? one.Plant.Put(scene.Faint()).Pixels : isFaint ? scene.Faint().Pixels : scene.Pixels;

    private (byte[] Pixels, bool[]? Planted) Seen(DrawnScene scene) => one.Plant?.IsFor(scene) == true ? one.Plant.Put(scene) : (scene.Pixels, null);

    // How much the plant raises its class in pictures of other classes that do not have it.
    private double Reliance(DrawnScene[] scenes)
    {
        Plant plant = one.Plant!;
        DrawnScene[] clean = [.. scenes.Where(scene => scene.Class != plant.Class).Take(Reliers)];
        float[][] before = _network.Score(clean.Select(scene => scene.Pixels));
        float[][] after = _network.Score(clean.Select(scene => plant.Put(scene).Pixels));
        return after.Zip(before, (now, then) => now[plant.Class] - then[plant.Class]).Average();
    }

    // The mean over the pictures that have the plant; or, of a thing that moves, over those that are said to have it.
    private double? Overlap(AuditFinding finding)
    {
        Plant plant = one.Plant!;
        if (finding.RowRegions.Count > 0 && finding.Region is null)
        {
            return finding.Rows.Zip(finding.RowRegions).Average(pair => Exam[(int)pair.First] is var scene && plant.IsFor(scene) ? Overlap(pair.Second.Pixels, plant.Put(scene).Planted) : 0);
        }

        return finding.Region is { } region ? Exam.Where(plant.IsFor).Average(scene => Overlap(region.Pixels, plant.Put(scene).Planted)) : null;
    }

    private static double Overlap(IReadOnlyList<bool> a, IReadOnlyList<bool> b)
        => a.Zip(b).Count(pair => pair.First && pair.Second) / (double)Math.Max(1, a.Zip(b).Count(pair => pair.First || pair.Second));

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
