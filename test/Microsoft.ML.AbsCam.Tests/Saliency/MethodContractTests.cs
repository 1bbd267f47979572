using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>What holds for every method: its map is the image's own, it asks for no more than it needs, and it says what it cannot do.</summary>
[TestClass]
public sealed class MethodContractTests
{
    private const int Images = 7;
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Names => [.. SaliencyMethod.All.Select(method => method.UsesLayer || method.Name != "rise" ? method.Name : "rise(masks=21)").Append("smooth(grad-cam,samples=3)").Append("smooth(rise(masks=5),samples=2)").Select(name => new object[] { name })];

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void An_image_has_the_same_map_whatever_batch_it_is_in(string name)
    {
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(name), MaskBatchSize = 4 };
        VectorRow[] rows = TinyNetwork.Rows(Images);
        float[][] alone = Maps(options with { BatchSize = 1 }, rows);
        Assert.IsTrue(alone.All(map => map.All(value => value is >= 0 and <= 1)), "each map is normalised");
        foreach (int batch in (int[])[3, 16])
        {
            float[][] together = Maps(options with { BatchSize = batch }, [.. rows.Reverse()]);
            for (int i = 0; i < Images; i++)
            {
                Close.AreClose(alone[i], together[Images - 1 - i], options.Method.UsesLayer || name.Contains("gradients") ? Explained.Tolerance : 0, $"image {i} in batches of {batch}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Several_classes_of_an_image_have_the_maps_that_each_has_alone(string name)
    {
        SaliencyMethod method = SaliencyMethod.Parse(name);
        float[] all = Maps(new AbsCamOptions { Method = method, Target = SaliencyTarget.Top(TinyNetwork.Classes), MaskBatchSize = 4 }, TinyNetwork.Rows(1)).Single();
        int[] order = Order();
        for (int t = 0; t < order.Length; t++)
        {
            float[] alone = Maps(new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(order[t]), MaskBatchSize = 4 }, TinyNetwork.Rows(1)).Single();
            Close.AreClose(alone, all.AsSpan(t * TinyNetwork.Pixels, TinyNetwork.Pixels), Explained.Tolerance, $"class {order[t]}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Gradients_are_switched_on_for_the_methods_that_need_them_alone(string name)
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open();
        Assert.AreEqual(TinyNetwork.Classes, network.Shape.ClassCount);
        bool isOn = false;
        module.BeforePass = _ => isOn |= is_grad_enabled();
        SaliencyMethod method = SaliencyMethod.Parse(name);
        Maps(new AbsCamOptions { Method = method }, TinyNetwork.Rows(2), network);
        string[] without = ["score-cam", "ablation-cam", "eigen-cam", "recipro-cam", "rise(masks=21)", "occlusion", "random", "center-gaussian", "smooth(rise(masks=5),samples=2)"];
        Assert.AreEqual(!without.Contains(name), isOn);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void No_tensor_is_left_behind(string name)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(name), BatchSize = 2 };
        Maps(options, TinyNetwork.Rows(2), network);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Maps(options, TinyNetwork.Rows(4), network);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [DataRow("rise(masks=6)", 1 + 6)]
    [DataRow("occlusion(patch=4,stride=4)", 2 + 4)]
    [DataRow("integrated-gradients(steps=3)", 1 + 3)]
    [DataRow("random", 1)]
    [DataRow("center-gaussian", 1)]
    [DataRow("smooth(rise(masks=6),samples=3)", 1 + (3 * 6))]
    public void A_method_without_a_layer_explains_a_network_that_has_none(string name, int forwards)
    {
        byte[] flat = new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side).Weight("weights", TinyNetwork.InputLength, 3)
            .Node("Flatten", "input", "flat").Node("MatMul", "flat weights", "scores").Output("scores", 0, 3).ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(flat);
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Method = SaliencyMethod.Parse(name), Columns = new() { Forwards = "Forwards", Status = "Status" } }, network);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 2));
        Assert.IsTrue(explained.GetColumn<string>("Status").All(status => status == "Ok"));
        CollectionAssert.AreEqual(new[] { forwards, forwards }, explained.GetColumn<int>("Forwards").ToArray());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => transformer.Layer).Message, "explains no layer");
    }

    [TestMethod]
    public void A_layer_is_refused_where_there_is_none_to_explain()
    {
        foreach (AbsCamOptions options in (AbsCamOptions[])[new() { Layers = ["map"] }, new() { Layers = ["map", "before"] }, new() { MapSize = MapSize.Layer }])
        {
            ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => Maps(options with { Method = SaliencyMethod.Smoothed(SaliencyMethod.Rise) }, TinyNetwork.Rows(1)));
            StringAssert.Contains(refused.Message, "the method 'smooth(rise)'", StringComparison.OrdinalIgnoreCase);
        }
    }

    [TestMethod]
    [DataRow("ablation-cam")]
    [DataRow("eigen-cam")]
    [DataRow("eigen-grad-cam")]
    [DataRow("shapley-cam")]
    [DataRow("refine-cam")]
    [DataRow("recipro-cam")]
    [DataRow("group-cam")]
    [DataRow("abs-cam-whole")]
    [DataRow("smooth(grad-cam,samples=2)")]
    public void Maps_come_at_the_layer_s_size_and_of_several_layers(string name)
    {
        SaliencyMethod method = SaliencyMethod.Parse(name);
        float[] small = Maps(new AbsCamOptions { Method = method, MapSize = MapSize.Layer }, TinyNetwork.Rows(1)).Single();
        Assert.HasCount(TinyNetwork.MapSide * TinyNetwork.MapSide, small);
        float[] rectified = Maps(new AbsCamOptions { Method = method, Layers = ["map"] }, TinyNetwork.Rows(1)).Single();
        float[] before = Maps(new AbsCamOptions { Method = method, Layers = ["before"] }, TinyNetwork.Rows(1)).Single();
        float[] both = Maps(new AbsCamOptions { Method = method, Layers = ["map", "before"] }, TinyNetwork.Rows(1)).Single();
        double[] product = [.. rectified.Zip(before, (a, b) => (double)a * b)];
        double range = product.Max() - product.Min();
        Close.AreClose([.. product.Select(value => (float)((value - product.Min()) / range))], both, Explained.Tolerance, name);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Numbers_that_are_not_finite_stay_with_their_row(string name)
    {
        VectorRow[] rows = TinyNetwork.Rows(3);
        rows[1].Input = [.. rows[1].Input.Select(_ => float.NaN)];
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(name), Columns = new() { Status = "Status" } };
        using AbsCamTransformer transformer = Explained.Transformer(_context, options);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, rows));
        Assert.AreEqual("Ok, NotFinite, Ok", string.Join(", ", explained.GetColumn<string>("Status")));
        Assert.IsTrue(explained.Maps()[1].All(float.IsNaN));
    }

    [TestMethod]
    [DataRow("eigen-cam")]
    [DataRow("eigen-grad-cam")]
    [DataRow("recipro-cam")]
    [DataRow("ablation-cam")]
    [DataRow("group-cam")]
    [DataRow("smooth(grad-cam,samples=2,noise=0)")]
    public void A_layer_without_any_contrast_gives_a_flat_map(string name)
    {
        // The fifth map alone: its kernel is zero, so that it is its bias everywhere.
        byte[] model = new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("kernels", [1, 3, 1, 1], 0, 0, 0).Weight("bias", [1], 0.5f).Weight("weights", [1, 2], 1, -1)
            .Node("Conv", "input kernels bias", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Node("MatMul", "flat weights", "scores")
            .Output("scores", 0, 2).ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Layers = ["map"], Method = SaliencyMethod.Parse(name), Columns = new() { Status = "Status" } }, network);
        Assert.AreEqual("Flat", transformer.Transform(TinyNetwork.View(_context, 1)).GetColumn<string>("Status").Single());
    }

    private static int[] Order()
    {
        double[] logits = TinyLoops.Logits(TinyNetwork.Rectified, TinyLoops.Maps(TinyNetwork.Rectified, [.. TinyNetwork.Image(0).Select(value => (double)value)]));
        return [.. Enumerable.Range(0, TinyNetwork.Classes).OrderByDescending(c => logits[c])];
    }

    private float[][] Maps(AbsCamOptions options, VectorRow[] rows, ImageNetwork? network = null)
    {
        using ImageNetwork? own = network is null ? TinyNetwork.Rectified.Open() : null;
        using AbsCamTransformer transformer = Explained.Transformer(_context, options, network ?? own);
        return transformer.Transform(TinyNetwork.View(_context, rows)).Maps();
    }
}
