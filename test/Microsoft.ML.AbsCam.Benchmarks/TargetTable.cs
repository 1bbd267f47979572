using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// How much of a map lies in the box, the region, the object or the difference that was asked about, beside the place's share of the picture, on drawn scenes where every
/// pixel is known. The slow truth for boxes is D-RISE's scheme: random masks, weighed by overlap times probability.
/// </summary>
internal static class TargetTable
{
    public static readonly int Side = DemoNetwork.InputSize;

    // No network was trained on scenes from here on.
    public const int FirstSeed = DemoScenes.FirstHeldOutSeed + 5000;

    private static readonly string[] Light = ["grad-cam", "hires-cam", "layer-cam", "xgrad-cam", "abs-cam-initial", "abs-cam"];
    private static readonly string[] OfTransformers = [.. Light, "legrad", "attention-rollout", "center-gaussian"];

    /// <param name="scenes">How many scenes of each kind.</param>
    /// <param name="truth">The file of the slow truth; null to leave it out.</param>
    /// <param name="questions">The questions that are printed; none for all.</param>
    public static void Print(int scenes, string? truth, IReadOnlyCollection<string> questions)
    {
        bool isAsked(string question) => questions.Count == 0 || questions.Contains(question);
        Markdown.Heading("Boxes, regions, differences, likenesses and objects");
        Markdown.Text($"{scenes} scenes of each kind that no network was trained on, {Side} x {Side}. Energy is the share of the map's sum inside the place that is asked about; area is the place's share of the picture.\n");
        Markdown.Header("question", "method", "rows", "area", "energy", "energy / area", "maximum inside", "images run a row");
        CrowdedScene[] crowds = [.. Enumerable.Range(FirstSeed, scenes).Select(seed => CrowdedScenes.Draw(seed, Side))];
        Row[] boxes = [.. crowds.SelectMany(scene => scene.Objects.Select((thing, i) => new Row(scene.Pixels, InBox(thing), thing.ClassIndex) { Box = [thing.Left, thing.Top, thing.Left + thing.Width, thing.Top + thing.Height] }))];
        print("box", DemoTaskNetwork.Detector, boxes, SaliencyTarget.BoxColumn(nameof(Row.Box)), Light);
        if (truth is not null && isAsked("box"))
        {
            SlowTruth.Print(truth, scenes);
        }

        // The background is class 0.
        Row[] regions = [.. crowds.SelectMany(scene => scene.Objects.Select((thing, i) => new Row(scene.Pixels, scene.MaskOf(i), thing.ClassIndex + 1)).Where(row => row.Inside.Any(inside => inside)))];
        print("region", DemoTaskNetwork.Segmenter, regions, SaliencyTarget.Region(SaliencyTarget.Column(nameof(Row.Class)), nameof(Row.Mask)), Light);
        Row[] twins = [.. Enumerable.Range(0, scenes).Select(i => TwinScenes.Draw(FirstSeed + i, i % TwinScenes.ClassNames.Count, Side)).Select(scene => new Row(scene.Pixels, scene.Difference.ToArray(), scene.ClassIndex) { Twin = scene.TwinClassIndex })];
        print("class", DemoTaskNetwork.Twins, twins, SaliencyTarget.Column(nameof(Row.Class)), Light);
        print("contrast with the twin", DemoTaskNetwork.Twins, twins, SaliencyTarget.Contrast(SaliencyTarget.Column(nameof(Row.Twin)), SaliencyTarget.Column(nameof(Row.Class))), Light);

        // What is alike in a picture of several things and one of a single thing is the thing that is in both.
        using (ImageNetwork embedding = ImageNetwork.FromOnnx(DemoTaskNetwork.Embedding.ReadOnnx()))
        {
            Row[] likenesses = [.. crowds.SelectMany(scene => scene.Objects.Select(thing => thing.ClassIndex).Distinct()
                .Select(one => new Row(scene.Pixels, scene.MaskOfClass(one), one) { Embedding = embedding.Embed(Other(scene, one), Preprocessing) }))];
            print("likeness", DemoTaskNetwork.Embedding, likenesses, SaliencyTarget.SimilarColumn(nameof(Row.Embedding)), [.. Light, "center-gaussian"]);
        }

        Row[] singles = [.. Enumerable.Range(0, scenes).Select(i => DemoScenes.Draw(FirstSeed + i, i % DemoNetwork.Classes.Count, Side)).Select(scene => new Row(scene.Pixels, scene.Mask.ToArray(), scene.ClassIndex))];
        print("class, of a transformer", DemoTaskNetwork.Transformer, singles, SaliencyTarget.Column(nameof(Row.Class)), OfTransformers);

        void print(string question, DemoTaskNetwork task, Row[] rows, SaliencyTarget target, IReadOnlyList<string> methods)
        {
            if (isAsked(question))
            {
                Print(question, task, rows, target, methods);
            }
        }
    }

    // A picture of one thing, on another ground.
    private static MLImage Other(CrowdedScene scene, int classIndex)
        => MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, DemoScenes.Draw(scene.Seed + 10_000, classIndex, Side).Pixels.Span);

    private static void Print(string question, DemoTaskNetwork task, Row[] rows, SaliencyTarget target, IReadOnlyList<string> methods)
    {
        var context = new MLContext(1);
        foreach (string method in methods)
        {
            using ImageNetwork network = ImageNetwork.FromOnnx(task.ReadOnnx());
            var options = new AbsCamOptions
            {
                Target = target,
                Method = SaliencyMethod.Parse(method),
                Preprocessing = Preprocessing,
                Columns = new() { Status = "Status", Forwards = "Forwards" },
            };
            SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Row.Mask)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Side, Side);
            IDataView view = context.Data.LoadFromEnumerable(rows, schema);
            using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Row.Image), network, options).Fit(view);
            Explained[] explained = [.. context.Data.CreateEnumerable<Explained>(transformer.Transform(view), reuseRowObject: false)];
            (Row Row, Explained Map)[] shown = [.. rows.Zip(explained).Where(pair => pair.Second.Status == "Ok")];
            if (shown.Length == 0)
            {
                Markdown.Row(question, method, $"0 of {rows.Length}, {explained[0].Status}", "", "", "", "", "");
                continue;
            }

            double area = shown.Average(pair => pair.Row.Inside.Count(inside => inside) / (double)(Side * Side));
            double energy = shown.Average(pair => Energy(pair.Map.Map, pair.Row.Inside));
            double hits = shown.Count(pair => pair.Row.Inside[Array.IndexOf(pair.Map.Map, pair.Map.Map.Max())]) / (double)shown.Length;
            Markdown.Row(
                question, method, $"{shown.Length} of {rows.Length}", Markdown.Number(area, "0.000"), Markdown.Number(energy, "0.000"), Markdown.Number(energy / area, "0.0"), Markdown.Number(100 * hits, "0") + " %",
                Markdown.Number(explained.Average(row => row.Forwards), "0"));
        }
    }

    public static ImagePreprocessing Preprocessing => ImagePreprocessing.For(Side, Side) with { Resize = ResizeRule.Squash, Mean = [.. DemoNetwork.Mean], Std = [.. DemoNetwork.Std] };

    public static double Energy(ReadOnlySpan<float> map, bool[] inside)
    {
        double within = 0, all = 0;
        for (int i = 0; i < map.Length; i++)
        {
            within += inside[i] ? map[i] : 0;
            all += map[i];
        }

        return within / all;
    }

    public static bool[] InBox(CrowdedObject thing)
    {
        bool[] inside = new bool[Side * Side];
        for (int i = 0; i < inside.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            inside[i] = x >= thing.Left && x < thing.Left + thing.Width && y >= thing.Top && y < thing.Top + thing.Height;
        }

        return inside;
    }

    private sealed class Row(ReadOnlyMemory<byte> pixels, bool[] inside, int classIndex)
    {
        [NoColumn]
        public bool[] Inside => inside;

        [ImageType(112, 112)]
        public MLImage Image { get; } = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels.Span);

        public float[] Mask { get; } = Array.ConvertAll(inside, value => value ? 1f : 0);

        public float[] Box { get; init; } = [];

        public int Class { get; } = classIndex;

        public int Twin { get; init; }

        public float[] Embedding { get; init; } = [];
    }

    private sealed class Explained
    {
        public float[] Map { get; set; } = [];

        public string Status { get; set; } = "";

        public int Forwards { get; set; }
    }
}
