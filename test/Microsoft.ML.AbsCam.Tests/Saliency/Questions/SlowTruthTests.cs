using System.Globalization;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>Maps of the detector's boxes beside what thousands of random masks say of them, which benchmarks wrote into a file once.</summary>
[TestClass]
public class SlowTruthTests
{
    private const int Scenes = 4;
    private const int Side = 112;
    private const double Within = 0.97;

    [TestMethod]
    public void As_much_of_a_map_lies_in_the_asked_box_as_of_four_thousand_masks_by_a_hundredth_of_the_passes()
    {
        double[][] truth = [.. File.ReadAllLines(Path.Combine(Repository.Root, "test", "Microsoft.ML.AbsCam.Benchmarks", "d-rise.csv")).Skip(1)
            .Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        int[] seeds = [.. truth.Select(row => (int)row[0]).Distinct().Take(Scenes)];
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoTaskNetwork.Detector.ReadOnnx());
        var (own, slow, passes) = (new List<double>(), new List<double>(), 0);
        foreach (int seed in seeds)
        {
            CrowdedScene scene = CrowdedScenes.Draw(seed, Side);
            var options = new AbsCamOptions
            {
                Target = SaliencyTarget.Several([.. scene.Objects.Select(thing => SaliencyTarget.Box(thing.Left, thing.Top, thing.Width, thing.Height))]),
                Method = SaliencyMethod.LayerCam,
                Preprocessing = ImagePreprocessing.For(Side, Side) with { Resize = ResizeRule.Squash, Mean = [.. DemoNetwork.Mean], Std = [.. DemoNetwork.Std] },
                Columns = new() { Forwards = "Forwards" },
            };
            IDataView view = context.Data.LoadFromEnumerable([new Picture(scene.Pixels)]);
            using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Picture.Image), network, options).Fit(view);
            IDataView explained = transformer.Transform(view);
            float[] maps = explained.Maps("Map").Single();
            passes = Math.Max(passes, explained.GetColumn<int>("Forwards").Single());
            double[][] rows = [.. truth.Where(row => (int)row[0] == seed)];
            Assert.HasCount(scene.Objects.Count, rows);
            for (int i = 0; i < rows.Length; i++)
            {
                own.Add(Energy(maps.AsSpan(i * Side * Side, Side * Side), scene.Objects[i]));
                slow.Add(rows[i][4]);
            }
        }

        Assert.IsGreaterThanOrEqualTo(Within * slow.Average(), own.Average());
        Assert.IsTrue(truth.All(row => row[2] >= 100 * passes), $"{passes} passes");
    }

    private static double Energy(ReadOnlySpan<float> map, CrowdedObject thing)
    {
        (double within, double all) = (0, 0);
        for (int i = 0; i < map.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            within += x >= thing.Left && x < thing.Left + thing.Width && y >= thing.Top && y < thing.Top + thing.Height ? map[i] : 0;
            all += map[i];
        }

        return within / all;
    }

    private sealed class Picture(ReadOnlyMemory<byte> pixels)
    {
        [ImageType(Side, Side)]
        public MLImage Image { get; } = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels.Span);
    }
}
