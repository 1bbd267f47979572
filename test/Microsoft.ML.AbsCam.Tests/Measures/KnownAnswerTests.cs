using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>Answers that are known without computing.</summary>
[TestClass]
public sealed class KnownAnswerTests
{
    private const double Slope = 6;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_map_that_is_the_objects_mask_has_all_energy_and_points_at_it()
    {
        MeasureRow[] rows = MeasureRow.Rows(5);
        foreach (MeasureRow row in rows)
        {
            row.Mask = [.. MeasureRow.Map((int)row.Number).Select(value => value > 0.5f ? 1f : 0f)];
            row.Saliency = row.Mask;
        }

        SaliencyMetrics metrics = Evaluate(rows, MeasureRow.Options(SaliencyMeasure.EnergyPointingGame, SaliencyMeasure.PointingGame(0)) with { MaskColumn = nameof(MeasureRow.Mask) });
        Assert.AreEqual(1, metrics.EnergyPointingGame!.Mean, 1e-9);
        Assert.AreEqual(1, metrics.PointingGame!.Mean);
        Assert.AreEqual((1.0, 1.0), (metrics.PointingGame.Lower, metrics.PointingGame.Upper));
    }

    [TestMethod]
    public void A_map_beside_the_object_has_no_energy_and_misses()
    {
        MeasureRow[] rows = MeasureRow.Rows(3);
        foreach (MeasureRow row in rows)
        {
            row.Saliency = [.. row.Mask.Select(value => 1 - value)];
        }

        SaliencyMetrics metrics = Evaluate(rows, MeasureRow.Options(SaliencyMeasure.EnergyPointingGame, SaliencyMeasure.PointingGame(1)) with { MaskColumn = nameof(MeasureRow.Mask) });
        Assert.AreEqual(0, metrics.EnergyPointingGame!.Mean);
        Assert.AreEqual(0, metrics.PointingGame!.Mean);
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1f)]
    public void A_constant_map_is_counted_and_named_and_in_no_mean(float level)
    {
        MeasureRow[] rows = MeasureRow.Rows(3);
        SaliencyMetrics without = Evaluate([rows[0], rows[2]], MeasureRow.Options());
        Array.Fill(rows[1].Saliency, level);
        SaliencyMetrics metrics = Evaluate(rows, MeasureRow.Options());
        Assert.AreEqual(3, metrics.Rows);
        foreach ((MeasureResult result, MeasureResult expected) in metrics.Measures.Zip(without.Measures))
        {
            Assert.AreEqual((2, 1), (result.Count, result.Unmeasured));
            Assert.AreEqual(expected.Mean, result.Mean, 1e-6, result.Measure.Name);
        }

        Assert.AreEqual(new UnmeasuredRow(1, null, "the map is flat"), metrics.Unmeasured.Single());
    }

    [TestMethod]
    public void A_logit_that_is_linear_in_the_pixels_gives_the_logistic_curve()
    {
        // Every pixel is 1 and counts alike, so that the order does not matter: p = 1 / (1 + exp(-slope share)).
        foreach (int step in (int[])[1, 8, 10])
        {
            PerturbationProtocol protocol = PerturbationProtocol.Rise with { StepPixels = step, Insertion = ImageSubstrate.Mean };
            SaliencyMetrics metrics = EvaluateLinear(MeasureRow.Map(1), [.. Enumerable.Repeat(1f, TinyNetwork.InputLength)], protocol);
            int steps = (TinyNetwork.Pixels + step - 1) / step;
            for (int i = 0; i <= steps; i++)
            {
                double share = Math.Min(1, (double)i * step / TinyNetwork.Pixels);
                Assert.AreEqual(Logistic(Slope * (1 - share)), metrics.Deletion!.Curve!.Probabilities[i], 1e-5);
                Assert.AreEqual(Logistic(Slope * share), metrics.Insertion!.Curve!.Probabilities[i], 1e-5);
            }
        }

        // The area under the logistic function from 0 to 1; the trapezoids of 64 steps are that near.
        SaliencyMetrics fine = EvaluateLinear(MeasureRow.Map(1), [.. Enumerable.Repeat(1f, TinyNetwork.InputLength)], PerturbationProtocol.Rise with { StepPixels = 1, Insertion = ImageSubstrate.Mean });
        double area = Math.Log((1 + Math.Exp(Slope)) / 2) / Slope;
        Assert.AreEqual(area, fine.Deletion!.Mean, 1e-4);
        Assert.AreEqual(area, fine.Insertion!.Mean, 1e-4);
    }

    [TestMethod]
    public void A_reversed_map_turns_the_best_order_into_the_worst()
    {
        float[] map = [.. OnnxModelBuilder.Numbers([TinyNetwork.Pixels], 3).Select(value => (value + 1) / 2)];
        float[] reversed = [.. map.Select(value => 1 - value)];

        // What counts for the class is what the map says, so no other order is better.
        float[] image = [.. Enumerable.Range(0, TinyNetwork.InputLength).Select(i => map[i % TinyNetwork.Pixels])];
        PerturbationProtocol protocol = PerturbationProtocol.Rise with { StepPixels = 4, Insertion = ImageSubstrate.Mean };
        SaliencyMetrics best = EvaluateLinear(map, image, protocol);
        SaliencyMetrics worst = EvaluateLinear(reversed, image, protocol);
        Assert.IsTrue(best.Deletion!.Mean < worst.Deletion!.Mean && best.Insertion!.Mean > worst.Insertion!.Mean);

        // To delete the least important first is to insert the most important first, backwards.
        Assert.AreEqual(best.Insertion.Mean, worst.Deletion.Mean, 1e-6);
        Assert.AreEqual(worst.Insertion.Mean, best.Deletion.Mean, 1e-6);
        for (int number = 0; number < 5; number++)
        {
            SaliencyMetrics random = EvaluateLinear([.. OnnxModelBuilder.Numbers([TinyNetwork.Pixels], 50 + number)], image, protocol);
            Assert.IsTrue(random.Deletion!.Mean > best.Deletion.Mean && random.Deletion.Mean < worst.Deletion.Mean, "a random order lies between");
        }
    }

    [TestMethod]
    public void Real_maps_are_better_than_random_ones_on_a_real_network()
    {
        string model = SharedData.PathOrSkip("models", "resnet20-cifar10.onnx");
        string folder = SharedData.PathOrSkip("images", "cifar10");
        int count = Sweep.Of(8, 20);
        string[] files = [.. Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order().Where((_, i) => i % 5 == 0).Take(count)];
        Assert.HasCount(count, files);
        IDataView photos = _context.Data.LoadFromEnumerable(files.Select(file => new PhotoFolder.FileRow { File = Path.GetRelativePath(folder, file) }));
        using TransformerChain<AbsCamTransformer> chain = _context.Transforms.LoadImages("Image", folder, nameof(PhotoFolder.FileRow.File))
            .Append(_context.Transforms.AbsCam("Saliency", "Image", model, new AbsCamOptions { Method = SaliencyMethod.GradCam }))
            .Fit(photos);
        var options = new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.InsertionMinusDeletion()] };
        IDataView explained = chain.Transform(photos);
        SaliencyMetrics real = _context.Saliency.Evaluate(explained, chain.LastTransformer, options);
        IDataView withNoise = _context.Transforms.CustomMapping<NoRow, Noise>((_, noise) => noise.Random = Noise.Next(), null).Fit(explained).Transform(explained);
        SaliencyMetrics random = _context.Saliency.Evaluate(withNoise, chain.LastTransformer, options with { MapColumn = nameof(Noise.Random) });
        Assert.AreEqual(count, real.Measures[0].Count + real.Measures[0].Unmeasured);
        Assert.IsTrue(real.Measures[0].Mean > random.Measures[0].Mean, $"{real.Measures[0]} beside {random.Measures[0]} of random maps");
    }

    private static double Logistic(double value) => 1 / (1 + Math.Exp(-value));

    private SaliencyMetrics Evaluate(MeasureRow[] rows, SaliencyEvaluationOptions options)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        return _context.Saliency.Evaluate(MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side), network, options);
    }

    /// <summary>Two classes, whose logits are the slope times the mean of all values, and 0.</summary>
    private SaliencyMetrics EvaluateLinear(float[] map, float[] image, PerturbationProtocol protocol)
    {
        Conv2d sum = nn.Conv2d(3, 2, 1, bias: false);
        using Sequential module = nn.Sequential(("sum", sum), ("mean", nn.AdaptiveAvgPool2d([1, 1])), ("flat", nn.Flatten()));
        using (no_grad())
        {
            float third = (float)(Slope / 3);
            using Tensor weights = tensor([third, third, third, 0f, 0f, 0f], [2, 3, 1, 1]);
            sum.weight.copy_(weights);
        }

        using ImageNetwork network = ImageNetwork.FromModule(module, "sum", TinyNetwork.Side, TinyNetwork.Side);
        MeasureRow row = new() { Input = image, Saliency = map, Target = 0 };
        return _context.Saliency.Evaluate(
            MeasureRow.View(_context, [row], TinyNetwork.Side, TinyNetwork.Side), network, MeasureRow.Options(SaliencyMeasure.Deletion(protocol), SaliencyMeasure.Insertion(protocol)));
    }

    private sealed class NoRow;

    private sealed class Noise
    {
        private static readonly Random Source = new(5);

        [VectorType(32, 32)]
        public float[] Random { get; set; } = [];

        public static float[] Next() => [.. Enumerable.Range(0, 32 * 32).Select(_ => Source.NextSingle())];
    }
}
