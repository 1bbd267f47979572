using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>One run of ONNX Runtime for scores and maps, beside TorchSharp: the same columns, whatever is wrong with a row.</summary>
[TestClass]
public sealed class OwnPassTests
{
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Methods => SaliencyMethod.All.OfType<GradientMethod>().Where(method => method.Nodes is not null).Select(method => (object[])[method.Name]);

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Every_method_of_one_pass_is_explained_by_it(string method) => AreAlike(Plain(), new AbsCamOptions { Method = SaliencyMethod.Parse(method) }, isOwn: true);

    [TestMethod]
    public void Questions_of_scores_are_explained_by_it_and_others_are_not()
    {
        foreach ((SaliencyTarget target, bool isOwn) in new[]
        {
            (SaliencyTarget.Class(1), true), (SaliencyTarget.Column(nameof(VectorRow.Target)), true), (SaliencyTarget.Contrast(SaliencyTarget.RunnerUp), true), (SaliencyTarget.Output(2, negative: true), true),
            (SaliencyTarget.Top(2), false), (SaliencyTarget.Contrast(SaliencyTarget.Column(nameof(VectorRow.Target))), false),
        })
        {
            AreAlike(Plain(), new AbsCamOptions { Method = SaliencyMethod.GradCam, Target = target }, isOwn);
        }
    }

    public static IEnumerable<object[]> Families => Family.Sample(1);

    [TestMethod]
    [DynamicData(nameof(Families))]
    public void A_family_is_explained_by_it(string name)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Family.Named(name).Write());
        NetworkShape shape = network.Shape;
        IDataView rows = VectorRow.View(_context, Enumerable.Range(0, 3).Select(row => new VectorRow { Input = OnnxModelBuilder.Numbers([shape.Channels, shape.Height, shape.Width], row + 5) }), shape.Channels, shape.Height, shape.Width);
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.AbsCamInitial, SaliencyMethod.LayerCam])
        {
            AreAlike(network, rows, new AbsCamOptions { Method = method }, isOwn: true, tolerance: 1e-3);
        }
    }

    [TestMethod]
    public void Scores_that_are_read_as_somebody_says_are_explained_apart()
        => AreAlike(Plain(), new AbsCamOptions { Method = SaliencyMethod.GradCam, ScoreRule = ScoreRule.Sigmoid }, isOwn: false);

    [TestMethod]
    public void Maps_of_the_layers_size_are_alike()
        => AreAlike(Plain(), new AbsCamOptions { Method = SaliencyMethod.LayerCam, MapSize = MapSize.Layer }, isOwn: true);

    [TestMethod]
    public void What_lies_under_the_heat_and_classes_of_rows_are_explained_apart()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Plain());
        IDataView rows = Images();
        var options = new AbsCamOptions { Method = SaliencyMethod.GradCam, Columns = new() { HeatFeatures = "Heat" } };
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options).Fit(rows);
        Assert.IsInstanceOfType<BakedExplainer>(transformer.Explainer);
        Assert.HasCount(4, transformer.Transform(rows).GetColumn<float[]>("Heat").First());
    }

    [TestMethod]
    public void Flat_maps_infinite_scores_and_rounding_have_their_statuses()
    {
        // A layer that is nothing but zero for one image, an image that overflows, and a gradient that a mean takes off: what is left is rounding.
        byte[] model = new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b")
            .Node("InstanceNormalization", "b scale bias", "c", ("epsilon", 1e-5f)).Weight("scale", [4], 1, 2, 0.5f, 1.5f).Weight("bias", [4], 0, 0.1f, 0, 0)
            .Node("GlobalAveragePool", "c", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytes();
        foreach (byte[] network in new[] { Plain(), model })
        {
            foreach (string method in new[] { "grad-cam", "hires-cam", "layer-cam" })
            {
                AreAlike(network, new AbsCamOptions { Method = SaliencyMethod.Parse(method), Layers = ["b"] }, isOwn: null);
            }
        }
    }

    private static byte[] Plain() => new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b")
        .Node("GlobalAveragePool", "b", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytes();

    private IDataView Images()
    {
        float[][] images = [.. Enumerable.Range(0, 4).Select(row => OnnxModelBuilder.Numbers([3, 8, 8], row + 2)), new float[192], [.. Enumerable.Repeat(float.NaN, 192)], [.. Enumerable.Repeat(1e38f, 192)]];
        return VectorRow.View(_context, images.Select((image, row) => new VectorRow { Input = image, Target = row % 4 }), 3, 8, 8);
    }

    private void AreAlike(byte[] model, AbsCamOptions options, bool? isOwn)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        AreAlike(network, Images(), options, isOwn, tolerance: 1e-4);
    }

    private void AreAlike(ImageNetwork network, IDataView rows, AbsCamOptions options, bool? isOwn, double tolerance)
    {
        options = options with { Columns = new() { Class = "Class", Probability = "Probability", Scores = "Scores", Status = "Status" } };
        using AbsCamTransformer torch = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options with { Engine = NetworkEngine.TorchSharp }).Fit(rows);
        using AbsCamTransformer own = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options).Fit(rows);
        Assert.IsNotInstanceOfType<BakedExplainer>(torch.Explainer);
        Assert.AreEqual(isOwn ?? own.Explainer is BakedExplainer, own.Explainer is BakedExplainer, $"{options.Method}, {options.Target}");
        (IDataView expected, IDataView actual) = (torch.Transform(rows), own.Transform(rows));
        CollectionAssert.AreEqual(Statuses(expected), Statuses(actual), string.Join(", ", Statuses(expected).Cast<string>().Concat(["beside"]).Concat(Statuses(actual).Cast<string>())));
        Close.AreClose(Finite(expected.Maps().SelectMany(map => map)), Finite(actual.Maps().SelectMany(map => map)), tolerance, $"maps of {options.Method}");
        if (options.Target.TargetCount == 1)
        {
            CollectionAssert.AreEqual(expected.GetColumn<uint>("Class").ToArray(), actual.GetColumn<uint>("Class").ToArray());
            Close.AreClose(Finite(expected.GetColumn<float>("Probability")), Finite(actual.GetColumn<float>("Probability")), 1e-5, "probabilities");
        }
    }

    private static string[] Statuses(IDataView view) => view.Schema["Status"].Type is VectorDataViewType
        ? [.. view.GetColumn<ReadOnlyMemory<char>[]>("Status").SelectMany(row => row).Select(text => text.ToString())]
        : [.. view.GetColumn<ReadOnlyMemory<char>>("Status").Select(text => text.ToString())];

    // NaN stands where there is none, on both sides.
    private static float[] Finite(IEnumerable<float> values) => [.. values.Select(value => float.IsFinite(value) ? value : -1)];
}
