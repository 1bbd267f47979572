using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Measures;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// What decoding photos of 12 megapixels at a reduced scale (<see cref="ImageFileOptions.MinimumSize"/>) saves in time and memory,
/// and what it changes in SqueezeNet's input and in its final maps.
/// </summary>
public static class ReducedDecoding
{
    private const int Held = 8;
    private const int Turns = 5;

    // Scales of 1/8, 2/8, 3/8 and 4/8 at this size: the least shorter side that is left, in lengths of the network's resize target; null is full size.
    private static readonly int?[] Factors = [1, 2, 3, 5, null];

    /// <summary>Prints times, memory and differences.</summary>
    /// <param name="count">How many photos are taken.</param>
    public static void Print(int count)
    {
        string shared = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared");
        using var photos = new LargePhotos(Directory.EnumerateFiles(Path.Combine(shared, "images", "imagenet"), "*.JPEG").Order(StringComparer.Ordinal).Take(count));
        Console.WriteLine($"{count} photos of 12 megapixels, JPEG; the network's resize target is {ImagePreprocessing.ImageNet.ShorterSide}");
        PrintCosts(photos.Grained);
        using ImageNetwork network = ImageNetwork.FromOnnx(Path.Combine(shared, "models", "squeezenet1.0.onnx"));
        Explainer explainer = Final(network);
        PrintDifferences("enlarged", photos.Plain, explainer);
        PrintDifferences("enlarged, with grain", photos.Grained, explainer);
    }

    private static void PrintCosts(List<string> photos)
    {
        foreach (int? factor in Factors)
        {
            ImageFileOptions options = Options(factor);
            double quickest = double.MaxValue;
            for (int turn = 0; turn < Turns; turn++)
            {
                long start = Stopwatch.GetTimestamp();
                ImageFile.Load(photos[turn % photos.Count], options).Dispose();
                quickest = Math.Min(quickest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            // Smallest first: what an allocator keeps of larger ones would count for smaller ones.
            MLImage[] held = [.. Enumerable.Range(0, Held).Select(i => ImageFile.Load(photos[i % photos.Count], options))];
            double pixels = held.Sum(image => image.Pixels.Length) / 1048576.0;
            Say($"  {Name(factor),-9} {held[0].Width,5} x {held[0].Height,-5} decoded in {quickest,6:0.0} ms; a batch of {Held} holds {pixels,6:0.0} MiB of pixels, {Environment.WorkingSet / 1048576.0,6:0} MiB resident in all");
            foreach (MLImage image in held)
            {
                image.Dispose();
            }
        }
    }

    private static void PrintDifferences(string kind, List<string> photos, Explainer explainer)
    {
        var full = photos.Select(photo => Seen.Of(photo, null, explainer)).ToList();
        Console.WriteLine($"\n{kind}: against full size, the worst of {photos.Count} photos (mean in brackets)");
        foreach (int? factor in Factors.Where(factor => factor is not null))
        {
            var reduced = photos.Select(photo => Seen.Of(photo, factor, explainer)).ToList();
            var pairs = full.Zip(reduced).ToList();
            double[] input = [.. pairs.Select(pair => Largest(pair.First.Input, pair.Second.Input) * Level)];
            double[] map = [.. pairs.Select(pair => Largest(pair.First.Map, pair.Second.Map))];
            double[] pearson = [.. pairs.Select(pair => Correlation.Pearson(pair.First.Map, pair.Second.Map))];
            double[] probability = [.. pairs.Select(pair => (double)Math.Abs(pair.First.Probability - pair.Second.Probability))];
            int same = pairs.Count(pair => pair.First.Class == pair.Second.Class);
            Say($"  {Name(factor),-9} input {input.Max():0.0} levels of 255 ({input.Average():0.0}); map {map.Max():0.000} ({map.Average():0.000}), Pearson {pearson.Min():0.00000} ({pearson.Average():0.00000}); class the same in {same} of {pairs.Count}, probability {probability.Max():0.0000}");
        }
    }

    /// <summary>Levels of 255 in a normalised value of 1, of the plane with the widest spread.</summary>
    private static double Level => 255 * ImagePreprocessing.ImageNet.Std.Max();

    private static double Largest(float[] a, float[] b) => a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max();

    private static ImageFileOptions Options(int? factor) => new() { MinimumSize = factor * ImagePreprocessing.ImageNet.ShorterSide };

    private static string Name(int? factor) => factor is null ? "full size" : string.Create(CultureInfo.InvariantCulture, $"{factor} x");

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static Explainer Final(ImageNetwork network)
    {
        FeatureLayer layer = network.FindLayer(null);
        NetworkEngine engine = network.ChooseEngine(NetworkEngine.Auto, CPU, [layer.Name]).Engine;
        return new Explainer(network, new ExplainerSettings([layer], LayerFusion.Product, SaliencyMethod.AbsCam, Tolerance: default, AtLayerSize: false, PassSize: 8, new ClassQuestion(ScoreReading.Of(network)), CPU, engine));
    }

    private sealed record Seen(float[] Input, float[] Map, int Class, float Probability)
    {
        public static Seen Of(string photo, int? factor, Explainer explainer)
        {
            ImagePreprocessing preprocessing = ImagePreprocessing.ImageNet;
            float[] input = new float[3 * preprocessing.Height * preprocessing.Width];
            using (MLImage image = ImageFile.Load(photo, Options(factor)))
            {
                new ImageTensorizer(preprocessing).Write(image, input);
            }

            using Tensor batch = tensor(input, [1, 3, preprocessing.Height, preprocessing.Width]);
            Explanation explained = explainer.Explain(batch, RowAsks.Nothing, withMaps: true);
            return new Seen(input, explained.Maps, explained.Targets[0], explained.TargetProbabilities[0]);
        }
    }
}
