using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Layers;

/// <summary>Stride, receptive field, share of the work and the verdict of a layer.</summary>
[TestClass]
public sealed class LayerFactsTests
{
    [TestMethod]
    [DataRow("AlexNet", 8, 87)]
    [DataRow("VGG-16", 8, 92)]
    [DataRow("Inception v3", 8, 47)]
    [DataRow("ConvNeXt, operator set 17", 8, 128)]
    public void Windows_add_up_along_the_widest_path(string family, int stride, int field)
    {
        FeatureLayer pick = Layers(family).Single(layer => layer.IsDefault);
        Assert.AreEqual((stride, field), (pick.Stride, pick.ReceptiveField));
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void ResNet_20_sees_81_pixels_in_steps_of_4()
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(File.ReadAllBytes(SharedData.PathOrSkip("models", "resnet20-cifar10.onnx")), "resnet20");
        Assert.AreEqual((4, 81), (loaded.DefaultLayer?.Stride, loaded.DefaultLayer?.ReceptiveField));
    }

    [TestMethod]
    public void Behind_a_resized_map_the_field_is_unknown_and_the_stride_is_not()
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(
            new OnnxModelBuilder().Input("image", 0, 3, 16, 16).Weight("k", 4, 3, 2, 2).Node("Conv", "image k", "small", ("strides", (long[])[4, 4])).Weight("factors", [4], 1, 1, 2, 2)
                .Node("Resize", "small _ factors", "large").Node("GlobalAveragePool", "large", "pooled").Weight("w", 5, 4, 1, 1).Node("Conv", "pooled w", "scores").Output("scores").ToBytes(),
            "resize.onnx");
        FeatureLayer large = loaded.Layers.Single(layer => layer.Name == "large");
        Assert.AreEqual((2, null), (large.Stride, large.ReceptiveField));
    }

    [TestMethod]
    public void Work_is_the_share_of_the_multiplications_up_to_the_layer()
    {
        // 4 maps of 6 x 6 from windows of 3 x 3 x 3, then 5 classes from 4 x 6 x 6 numbers.
        const double First = 4 * 36 * 27;
        const double Second = 5 * 144;
        using OnnxNetwork loaded = OnnxNetwork.Load(
            new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("k", 4, 3, 3, 3).Node("Conv", "image k", "map").Node("Flatten", "map", "flat").Weight("w", 144, 5).Node("Gemm", "flat w", "scores")
                .Output("scores").ToBytes(),
            "work.onnx");
        Assert.AreEqual(First / (First + Second), loaded.DefaultLayer!.WorkBefore!.Value, 1e-12);
    }

    [TestMethod]
    public void Every_verdict_fits_its_layer_and_is_short()
    {
        foreach (Family family in Family.All)
        {
            IReadOnlyList<FeatureLayer> layers = Layers(family.Name);
            Assert.AreEqual(1, layers.Count(layer => layer.Kind == LayerVerdict.Pick), family.Name);
            foreach (FeatureLayer layer in layers)
            {
                Assert.AreEqual(layer.IsDefault, layer.Kind == LayerVerdict.Pick, layer.Name);
                Assert.IsTrue(layer.Reason.Length is > 0 and <= 80, layer.Name);
                Assert.IsTrue(layer.WorkBefore is > 0 and <= 1, layer.Name);
                Assert.AreEqual(layer.Kind != LayerVerdict.OnePixel, layer.Stride is >= 1, layer.Name);

                // Behind attention a place sees all of the image, by no window.
                bool isOpen = layer.ReceptiveField is null && TokenFamily.All.Any(tokens => tokens.Family.Name == family.Name);
                Assert.AreEqual(layer.Kind != LayerVerdict.OnePixel, layer.ReceptiveField is >= 1 || (isOpen && layer.Height > 1), layer.Name);
            }
        }
    }

    [TestMethod]
    [DataRow("VGG-16", "MaxPool", LayerVerdict.Pooled)]
    [DataRow("VGG-16", "AveragePool", LayerVerdict.Pooled)]
    [DataRow("ResNet-18", "Conv", LayerVerdict.InsideBlock)]
    [DataRow("ResNet-18", "Add", LayerVerdict.BeforeActivation)]
    [DataRow("CBAM-ResNet", "Sigmoid", LayerVerdict.Attention)]
    [DataRow("SE-ResNet", "Mul", LayerVerdict.InsideBlock)]
    [DataRow("EfficientNet", "Sigmoid", LayerVerdict.Attention)]
    [DataRow("SqueezeNet", "Dropout", LayerVerdict.Copy)]
    [DataRow("MobileNet v2", "Add", LayerVerdict.Good)]
    public void The_last_of_a_kind_is_judged(string family, string kind, LayerVerdict verdict) =>
        Assert.AreEqual(verdict, Layers(family).Last(layer => layer.Operator == kind && layer.Height > 1).Kind);

    [TestMethod]
    [DataRow("SE-ResNet", "GlobalAveragePool, Conv, Relu, Conv, Sigmoid, GlobalAveragePool, Conv, Relu, Conv, Sigmoid, GlobalAveragePool, Conv, Relu, Conv, Sigmoid, GlobalAveragePool")]
    [DataRow("ResNet-18", "GlobalAveragePool")]
    [DataRow("SqueezeNet", "GlobalAveragePool")]
    public void What_is_pooled_to_one_pixel_is_listed_last_and_never_picked(string family, string operators)
    {
        IReadOnlyList<FeatureLayer> layers = Layers(family);
        FeatureLayer[] single = [.. layers.Where(layer => layer.Kind == LayerVerdict.OnePixel)];
        Assert.AreEqual(operators, string.Join(", ", single.Select(layer => layer.Operator)));
        CollectionAssert.AreEqual(single, layers.TakeLast(single.Length).ToArray());
        Assert.IsTrue(single.All(layer => (layer.Height, layer.Width, layer.IsDefault) == (1, 1, false)));
        Assert.IsTrue(layers.SkipLast(single.Length).All(layer => layer.Height > 1 && layer.Width > 1));
    }

    [TestMethod]
    public void One_pixel_is_refused_before_any_row_with_a_layer_to_name_instead()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Family.Named("SE-ResNet").Write());
        string gate = network.Layers.First(layer => layer.Operator == "Sigmoid").Name;
        string message = Assert.ThrowsExactly<ArgumentException>(() => network.FindLayer(gate)).Message;
        StringAssert.Contains(message, $"'{gate}' is of 1 x 1");
        StringAssert.Contains(message, "'layer4.1.relu'");
    }

    [TestMethod]
    public void A_class_convolution_and_its_activation_are_scores()
    {
        FeatureLayer[] scores = [.. Layers("SqueezeNet").Where(layer => layer.Channels == NetworkWriter.Classes && layer.Height > 1)];
        CollectionAssert.AreEqual(new[] { LayerVerdict.ClassChannels, LayerVerdict.ClassChannels }, scores.Select(layer => layer.Kind).ToArray());
    }

    private static IReadOnlyList<FeatureLayer> Layers(string family)
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(Family.Named(family).Write(), family);
        return loaded.Layers;
    }
}
