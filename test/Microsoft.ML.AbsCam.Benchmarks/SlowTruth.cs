using System.Globalization;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// What thousands of random masks say of the detector's boxes, by the scheme of D-RISE (arXiv 2006.03204): masks weighed by overlap times probability. It takes many
/// minutes, so it is computed once and held as a file, a line for each object of each scene. All boxes of a scene share its masked images.
/// </summary>
internal static class SlowTruth
{
    private static readonly string[] Columns = ["seed", "object", "masks", "area", "energy", "inside"];

    /// <param name="path">The file to write; what it holds is kept, and gone on with.</param>
    /// <param name="scenes">How many scenes.</param>
    /// <param name="masks">How many masks each.</param>
    public static void Write(string path, int scenes, int masks)
    {
        string[] before = File.Exists(path) ? File.ReadAllLines(path) : [];
        if (before.Length == 0)
        {
            File.AppendAllLines(path, [string.Join(',', Columns)]);
        }

        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoTaskNetwork.Detector.ReadOnnx());
        foreach (int seed in Enumerable.Range(TargetTable.FirstSeed, scenes).Where(seed => !before.Any(line => line.StartsWith(FormattableString.Invariant($"{seed},"), StringComparison.Ordinal))))
        {
            CrowdedScene scene = CrowdedScenes.Draw(seed, TargetTable.Side);
            var options = new AbsCamOptions
            {
                Target = SaliencyTarget.Several([.. scene.Objects.Select(thing => SaliencyTarget.Box(thing.Left, thing.Top, thing.Width, thing.Height))]),
                Method = SaliencyMethod.Parse(FormattableString.Invariant($"rise(masks={masks})")),
                Preprocessing = TargetTable.Preprocessing,
                MaskBatchSize = 32,
            };
            IDataView view = context.Data.LoadFromEnumerable([new Picture(scene.Pixels)]);
            using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Picture.Image), network, options).Fit(view);
            float[] maps = [.. transformer.Transform(view).GetColumn<VBuffer<float>>("Map").Single().DenseValues()];
            File.AppendAllLines(path, scene.Objects.Select((thing, i) => Line(seed, i, masks, maps.AsSpan(i * (maps.Length / scene.Objects.Count), maps.Length / scene.Objects.Count), TargetTable.InBox(thing))));
        }
    }

    /// <summary>A row of the table, of the scenes that the file holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scenes">How many scenes are shown.</param>
    public static void Print(string path, int scenes)
    {
        string[][] lines = [.. File.ReadAllLines(path).Skip(1).Select(line => line.Split(',')).Where(line => int.Parse(line[0], CultureInfo.InvariantCulture) < TargetTable.FirstSeed + scenes)];
        double mean(int column) => lines.Average(line => double.Parse(line[column], CultureInfo.InvariantCulture));
        Markdown.Row(
            "box", $"D-RISE, {lines[0][2]} masks", $"{lines.Length} of {lines.Length}", Markdown.Number(mean(3), "0.000"), Markdown.Number(mean(4), "0.000"), Markdown.Number(mean(4) / mean(3), "0.0"), Markdown.Number(100 * mean(5), "0") + " %",
            Markdown.Number(mean(2) + 1, "0"));
    }

    private static string Line(int seed, int place, int masks, ReadOnlySpan<float> map, bool[] inside)
    {
        double area = inside.Count(isInside => isInside) / (double)inside.Length;
        bool hits = inside[System.Numerics.Tensors.TensorPrimitives.IndexOfMax(map)];
        return string.Create(CultureInfo.InvariantCulture, $"{seed},{place},{masks},{area:0.0000},{TargetTable.Energy(map, inside):0.0000},{(hits ? 1 : 0)}");
    }

    private sealed class Picture(ReadOnlyMemory<byte> pixels)
    {
        [ImageType(112, 112)]
        public MLImage Image { get; } = MLImage.CreateFromPixels(TargetTable.Side, TargetTable.Side, MLPixelFormat.Rgba32, pixels.Span);
    }
}
