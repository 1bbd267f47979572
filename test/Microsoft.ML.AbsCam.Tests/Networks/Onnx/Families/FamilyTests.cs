using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Whole networks of every kind that people train, at a reduced width with weights from a seed.</summary>
[TestClass]
public sealed class FamilyTests
{
    // Of the greatest logit: two runtimes sum in different orders through twenty layers.
    private const double Tolerance = 1e-3;

    public static IEnumerable<object[]> Names => Family.All.Select(family => new object[] { family.Name });

    public static IEnumerable<object[]> SomeNames => Family.Sample(2);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_pick_is_the_layer_that_a_practitioner_names(string name)
    {
        Family family = Family.Named(name);
        using OnnxNetwork loaded = OnnxNetwork.Load(family.Write(), name);
        FeatureLayer pick = loaded.Layers.Single(layer => layer.IsDefault);
        Assert.AreEqual((family.Pick, family.Operator), (pick.Name, pick.Operator));
        Assert.AreEqual(pick, loaded.DefaultLayer);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_logits_of_each_row_are_those_of_OnnxRuntime(string name)
    {
        byte[] model = Family.Named(name).Write();
        using OnnxNetwork loaded = OnnxNetwork.Load(model, name);
        using DisposeScope scope = NewDisposeScope();
        float[][] images = [.. Images(loaded)];
        long[] one = [1, 3, loaded.InputHeight, loaded.InputWidth];
        float[] expected = [.. images.SelectMany(image => OnnxRuntimeOracle.Run(model, image, one).Values)];
        float[] actual = loaded.Logits(Batch(loaded, images)).Floats();
        Assert.IsGreaterThan(0.01, expected.Max() - expected.Min(), "The network's scores do not differ enough to compare.");
        Close.AreClose(expected, actual, Tolerance * Math.Max(1, expected.Max(Math.Abs)), name);
        Assert.IsFalse(loaded.RunsRowByRow);
    }

    [TestMethod]
    [DynamicData(nameof(SomeNames))]
    public void Every_layer_of_more_than_one_pixel_gives_a_finite_gradient(string name)
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(Family.Named(name).Write(), name);
        using DisposeScope scope = NewDisposeScope();
        Tensor images = Batch(loaded, Images(loaded));
        float[] expected = loaded.Logits(images).Floats();
        foreach (FeatureLayer layer in loaded.Layers)
        {
            using DisposeScope inner = NewDisposeScope();
            if (layer.Kind == LayerVerdict.OnePixel)
            {
                Assert.ThrowsExactly<ArgumentException>(() => loaded.RunFromLayer(images, layer.Name), layer.Name);
                continue;
            }

            (Tensor activation, Tensor logits) = loaded.RunFromLayer(images, layer.Name);
            CollectionAssert.AreEqual(new long[] { 2, layer.Channels, layer.Height, layer.Width }, activation.shape, layer.Name);
            Close.AreClose(expected, logits.Floats(), Tolerance, layer.Name);
            Tensor gradient = autograd.grad([logits.select(1, 3).sum()], [activation])[0];
            Assert.IsTrue(gradient.isfinite().all().item<bool>(), layer.Name);
            Assert.AreEqual(layer.Kind != LayerVerdict.NoGradient, gradient.abs().sum().item<float>() > 0, $"{layer.Name} is {layer.Kind}.");
        }
    }

    [TestMethod]
    public void The_documentation_lists_every_family_with_its_pick()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "use", "onnx.md"));
        foreach (Family family in Family.All)
        {
            CollectionAssert.Contains(lines, $"| {family.Name} | `{family.Pick}` | {family.Operator} |");
        }
    }

    private static IEnumerable<float[]> Images(OnnxNetwork network)
    {
        long[] shape = [3, network.InputHeight, network.InputWidth];
        return [OnnxModelBuilder.Numbers(shape, 1), OnnxModelBuilder.Numbers(shape, 2)];
    }

    private static Tensor Batch(OnnxNetwork network, IEnumerable<float[]> images) =>
        tensor([.. images.SelectMany(image => image)], [images.Count(), 3, network.InputHeight, network.InputWidth]);
}
