using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Measures;

[TestClass]
public sealed class SanityCheckTests
{
    private const double Tolerance = 1e-6;
    private static readonly AbsCamOptions GradCam = new() { Method = SaliencyMethod.GradCam };
    private static readonly SanityCheckOptions Vectors = new() { ImageColumn = nameof(VectorRow.Input) };
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_trained_network_is_like_itself_and_grad_cam_falls_with_its_layers()
    {
        SanityCheckMetrics metrics = OverScenes(GradCam, new SanityCheckOptions { StageCount = 3 });

        Assert.HasCount(4, metrics.Stages);
        Assert.AreEqual(new SanityStage(0, null), metrics.Stages[0].Stage);
        Assert.AreEqual(1, metrics.Stages[0].RankCorrelation.Mean, Tolerance);
        Assert.AreEqual(1, metrics.Stages[0].StructuralSimilarity.Mean, Tolerance);
        Assert.AreEqual(1, metrics.Stages[1].Stage.Randomised);
        foreach (SanityStageResult stage in metrics.Stages.Skip(1))
        {
            Assert.IsLessThan(0.8, stage.RankCorrelation.Upper, $"{stage}");
            Assert.IsLessThan(0.8, stage.StructuralSimilarity.Upper, $"{stage}");
        }
    }

    [TestMethod]
    public void A_method_that_ignores_the_network_stays_as_it_was()
    {
        SanityCheckMetrics metrics = OverScenes(new AbsCamOptions { Method = SaliencyMethod.CenterGaussian }, new SanityCheckOptions { StageCount = 2 });

        foreach (SanityStageResult stage in metrics.Stages)
        {
            Assert.AreEqual(1, stage.RankCorrelation.Mean, Tolerance);
            Assert.AreEqual(1, stage.StructuralSimilarity.Mean, Tolerance);
        }
    }

    [TestMethod]
    public void One_seed_gives_the_same_numbers_however_rows_are_held_and_another_gives_others()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SanityCheckMetrics check(int rows, int batch, int seed) => _context.Saliency.SanityCheck(
            TinyNetwork.View(_context, 7), network, GradCam with { BatchSize = batch }, Vectors with { RowsAtOnce = rows, Seed = seed });
        SanityCheckMetrics first = check(64, 8, 1);
        SanityCheckMetrics held = check(3, 2, 1);

        for (int stage = 0; stage < first.Stages.Count; stage++)
        {
            Assert.AreEqual(first.Stages[stage].StructuralSimilarity.Mean, held.Stages[stage].StructuralSimilarity.Mean, 1e-4);
            Assert.AreEqual(first.Stages[stage].RankCorrelation.Count, held.Stages[stage].RankCorrelation.Count);
        }

        Assert.AreEqual(first.ToString(), check(64, 8, 1).ToString());
        Assert.AreNotEqual(first.ToString(), check(64, 8, 2).ToString());
    }

    [TestMethod]
    public void A_map_that_does_not_know_the_layer_above_only_changes_with_those_below()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SanityCheckMetrics metrics = _context.Saliency.SanityCheck(TinyNetwork.View(_context, 5), network, new AbsCamOptions { Method = new Activations(), Layers = [TinyNetwork.Layer] }, Vectors);

        Assert.AreEqual(1, metrics.Stages[1].RankCorrelation.Mean, Tolerance);
        Assert.IsLessThan(0.9, metrics.Stages[2].RankCorrelation.Mean);
    }

    [TestMethod]
    public void The_class_is_the_one_that_the_trained_network_predicts_at_every_stage()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SanityCheckRowMetrics[] rows = [.. _context.Saliency.SanityCheckRows(TinyNetwork.View(_context, 6), network, GradCam, Vectors)];

        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual((i, BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(i), method: SaliencyMethod.AbsCamInitial).Class), ((int)rows[i].Row, rows[i].Target));
            Assert.AreEqual(4, rows[i].Forwards);
        }
    }

    [TestMethod]
    public void Classes_may_be_asked_for_and_rows_without_one_are_named()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        VectorRow[] rows = TinyNetwork.Rows(3);
        (rows[1].Target, rows[2].Target) = (-1, 99);
        SanityCheckMetrics metrics = _context.Saliency.SanityCheck(
            TinyNetwork.View(_context, rows), network, new AbsCamOptions { Target = SaliencyTarget.Column(nameof(VectorRow.Target)) }, Vectors);

        Assert.AreEqual(3, metrics.Rows);
        Assert.AreEqual((1, 2), (metrics.Stages[0].RankCorrelation.Count, metrics.Stages[0].RankCorrelation.Unmeasured));
        Assert.AreEqual(1, metrics.Unmeasured[0].Row);
        StringAssert.Contains(metrics.Unmeasured[0].Reason, "there is no class");
        Assert.AreEqual(2, metrics.Unmeasured[1].Row);
        StringAssert.Contains(metrics.ToString(), "row 2 not measured: the trained network gives no map: the class that is asked for is none of the network's classes.");
    }

    [TestMethod]
    public void Flat_maps_of_a_randomised_network_are_counted_and_named_by_stage()
    {
        using TinyModule module = new();
        using ImageNetwork network = module.Open();
        SanityCheckMetrics metrics = _context.Saliency.SanityCheck(TinyNetwork.View(_context, 4), network, GradCam with { Method = new FlatUnlessTrained(module) }, Vectors);

        Assert.AreEqual(4, metrics.Stages[0].RankCorrelation.Count);
        Assert.AreEqual((0, 4), (metrics.Stages[1].RankCorrelation.Count, metrics.Stages[1].RankCorrelation.Unmeasured));
        StringAssert.Contains(metrics.ToString(), "row 0 not measured at stage 1: the randomised network gives no map: the map has one value everywhere, so it points nowhere.");
    }

    [TestMethod]
    public void A_module_is_checked_as_a_file_is()
    {
        using TinyModule module = new();
        using ImageNetwork network = module.Open();
        SanityCheckMetrics metrics = _context.Saliency.SanityCheck(TinyNetwork.View(_context, 5), network, GradCam, Vectors);

        Assert.AreEqual("conv", metrics.Stages[2].Stage.Layer);
        Assert.AreEqual(1, metrics.Stages[0].StructuralSimilarity.Mean, Tolerance);
        Assert.IsLessThan(0.9, metrics.Stages[2].StructuralSimilarity.Mean);
    }

    [TestMethod]
    [DataRow(26, 4, "0 1 9 18 26")]
    [DataRow(3, 8, "0 1 2 3")]
    [DataRow(5, null, "0 1 2 3 4 5")]
    [DataRow(5, 1, "0 5")]
    public void Stages_are_spread_from_the_uppermost_layer_to_all(int layers, int? most, string expected)
    {
        IReadOnlyList<SanityStage> stages = SanityStage.Of([.. Enumerable.Range(1, layers).Select(layer => $"layer {layer}")], most);

        Assert.AreEqual(expected, string.Join(' ', stages.Select(stage => stage.Randomised)));
        Assert.AreEqual($"layer {layers}", stages[^1].Layer);
    }

    [TestMethod]
    public void Wrong_options_are_told()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        string refused(SanityCheckOptions options, AbsCamOptions? explain = null, int rows = 1)
            => Assert.Throws<ArgumentException>(() => _context.Saliency.SanityCheck(TinyNetwork.View(_context, rows), network, explain ?? GradCam, options)).Message;

        StringAssert.Contains(refused(Vectors with { StageCount = 0 }), "SanityCheckOptions.StageCount");
        StringAssert.Contains(refused(Vectors with { RowsAtOnce = 0 }), "SanityCheckOptions.RowsAtOnce");
        StringAssert.Contains(refused(Vectors with { ImageColumn = "Pixels" }), "Pixels");
        StringAssert.Contains(refused(Vectors, GradCam with { Target = SaliencyTarget.Top(2) }), "class by class");
        StringAssert.Contains(refused(Vectors, rows: 0), "no rows");
    }

    private SanityCheckMetrics OverScenes(AbsCamOptions explain, SanityCheckOptions options)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        IEnumerable<PhotoRow> scenes = DemoScenes.HeldOut(12).Select(scene => new PhotoRow { Image = MLImage.CreateFromPixels(scene.Width, scene.Height, MLPixelFormat.Rgba32, scene.Pixels.Span) });
        ImagePreprocessing preprocessing = ImagePreprocessing.For(DemoNetwork.InputSize, DemoNetwork.InputSize) with { Resize = ResizeRule.Squash, Mean = [.. DemoNetwork.Mean], Std = [.. DemoNetwork.Std] };
        return _context.Saliency.SanityCheck(_context.Data.LoadFromEnumerable(scenes), network, explain with { Preprocessing = preprocessing }, options);
    }

    /// <summary>The sum of the layer's maps, whatever lies above.</summary>
    private sealed class Activations() : GradientMethod("activations")
    {
        protected internal override TorchSharp.torch.Tensor Combine(TorchSharp.torch.Tensor activation, TorchSharp.torch.Tensor gradient) => activation.sum(1);
    }

    private sealed class FlatUnlessTrained(TinyModule module) : GradientMethod("flat-unless-trained")
    {
        private readonly float[] _trained = Weights(module);

        protected internal override TorchSharp.torch.Tensor Combine(TorchSharp.torch.Tensor activation, TorchSharp.torch.Tensor gradient)
            => Weights(module).SequenceEqual(_trained) ? activation.sum(1) : activation.sum(1).zero_();

        private static float[] Weights(TinyModule module) => module.state_dict()["fc.weight"].Floats();
    }
}
