using Microsoft.ML.AbsCam.Tests.Saliency.Questions;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>What a network is for: found by its output, or said; and refused by name where the output cannot be it.</summary>
[TestClass]
public class NetworkTaskTests
{
    [TestMethod]
    public void The_task_is_what_the_output_looks_like_and_says_why()
    {
        Check(PlacedNetworks.Segmenter(), NetworkTask.Segment, "tell the class of each pixel (segment): the output is scores of 3 classes for each of 8 x 8 pixels");
        Check(PlacedNetworks.Detector(), NetworkTask.Detect, "find objects (detect): the output is 16 boxes");
        Check(Vector(5), NetworkTask.Classify, "tell classes apart (classify): the output is 5 numbers an image, which could be an embedding or a regression as well");
        Check(Vector(5), NetworkTask.Classify, "the output is 5 numbers an image, as many as there are names of classes", classes: 5);
        Check(Vector(5, "Softmax"), NetworkTask.Classify, "the output is 5 numbers an image that are probabilities");
        Check(Vector(1), NetworkTask.Regress, "estimate numbers (regress): so it is asked, and the output is one number an image", NetworkTask.Regress);
    }

    [TestMethod]
    public void A_task_that_no_output_can_be_is_refused_with_the_outputs()
    {
        Refused(PlacedNetworks.Detector(), NetworkTask.Segment, "network.onnx: it is opened to tell the class of each pixel (segment), and no output holds scores of the classes for each pixel [batch, classes, height, width]: 'all' [1, 7, 16]");
        Refused(PlacedNetworks.Segmenter(), NetworkTask.Detect, "no output holds boxes with scores [batch, boxes, numbers] or [batch, numbers, boxes]: 'scores' [1, 3, 8, 8]");
        Refused(PlacedNetworks.Segmenter(), NetworkTask.Classify, "it is opened to tell classes apart (classify), and no output is a vector an image: 'scores' [1, 3, 8, 8]");
        Refused(PlacedNetworks.Detector(), NetworkTask.Embed, "it is opened to make an embedding (embed), and no output is a vector an image: 'all' [1, 7, 16]");
        Refused(Vector(5), NetworkTask.Detect, "it is opened to find objects (detect), and no output holds boxes with scores");
    }

    [TestMethod]
    public void Maps_that_could_be_features_are_scores_where_it_is_said_so()
    {
        // Nothing below 0, and sums that differ: a map of features looks alike.
        byte[] model = Maps().Node("Relu", "small", "scores").Output("scores", 0, 3, 4, 4).ToBytes();
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(model).Layers).Message, "or say that the network segments (NetworkTask.Segment, --task segment)");
        Check(model, NetworkTask.Segment, "so it is asked, and the output is scores of 3 classes for each of 4 x 4 pixels", NetworkTask.Segment);
    }

    [TestMethod]
    public void A_segmentation_beside_a_vector_is_asked_about_where_that_is_said()
    {
        byte[] model = Maps().Node("GlobalAveragePool", "small", "pooled").Node("Flatten", "pooled", "vector").Output("vector", 0, 3).Output("small", 0, 3, 4, 4).ToBytes();
        Check(model, NetworkTask.Classify, "the output is 3 numbers");
        Check(model, NetworkTask.Segment, "scores of 3 classes for each of 4 x 4 pixels", NetworkTask.Segment);
    }

    [TestMethod]
    public void Embeddings_and_regressions_have_no_classes_to_ask_about()
    {
        AbsCamOptions embed = new() { Task = NetworkTask.Embed };
        AbsCamOptions regress = new() { Task = NetworkTask.Regress };
        using ImageNetwork network = ImageNetwork.FromOnnx(Vector(5));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => embed.FindingsFor(network)).Message, "is taken to make an embedding (embed), and has no classes: the predicted class cannot be asked. Ask with SaliencyTarget.Similar");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => regress.FindingsFor(network)).Message, "Ask with SaliencyTarget.Output, in the command --target output:0 to output:4");
        Assert.IsNotEmpty((embed with { Target = SaliencyTarget.Similar([1, 2, 3, 4, 5]) }).FindingsFor(network));
        Assert.IsNotEmpty((regress with { Target = SaliencyTarget.Output(4) }).FindingsFor(network));
        AbsCamOptions detect = new() { Task = NetworkTask.Detect };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => detect.FindingsFor(network)).Message, "gives 5 numbers an image, which is no output of a network that detects");
    }

    [TestMethod]
    public void A_saved_pipeline_knows_its_task()
    {
        var context = new MLContext(1);
        IDataView rows = PlacedRow.View(context, new PlacedRow { Input = TinyNetwork.Image(0) });
        using var saved = new MemoryStream();
        AbsCamOptions options = new() { Task = NetworkTask.Regress, Target = SaliencyTarget.Output(0), Method = SaliencyMethod.GradCam };
        using (AbsCamTransformer made = context.Transforms.AbsCam("Saliency", nameof(PlacedRow.Input), new MemoryStream(Vector(2)), options).Fit(rows))
        {
            context.Model.Save(made, rows.Schema, saved);
        }

        using var loaded = (AbsCamTransformer)context.Model.Load(new MemoryStream(saved.ToArray()), out _);
        Assert.AreEqual(NetworkTask.Regress, loaded.Options.Task);
        Assert.HasCount(1, loaded.Transform(rows).GetColumn<VBuffer<float>>("Saliency").ToArray());
        StringAssert.Contains(loaded.Network.WhyTask, "so it is asked");
    }

    [TestMethod]
    public void A_method_that_weighs_channels_is_said_to_miss_the_place()
    {
        using ImageNetwork placed = ImageNetwork.FromOnnx(PlacedNetworks.Detector());
        using ImageNetwork vector = ImageNetwork.FromOnnx(Vector(5));
        foreach (SaliencyMethod method in SaliencyMethod.All)
        {
            bool isSaid = new AbsCamOptions { Method = method }.FindingsFor(placed).Any(finding => finding.Contains($"'{method}' weighs whole channels", StringComparison.Ordinal));
            Assert.AreEqual(method.WeighsChannels, isSaid, method.Name);
            Assert.IsFalse(new AbsCamOptions { Method = method }.FindingsFor(vector).Any(finding => finding.Contains("whole channels", StringComparison.Ordinal)), method.Name);
        }

        string[] byChannels = ["abs-cam", "abs-cam-whole", "grad-cam", "score-cam", "smooth(grad-cam)"];
        string[] placeByPlace = ["hires-cam", "layer-cam", "eigen-grad-cam", "recipro-cam", "rise", "occlusion"];
        Assert.IsFalse(placeByPlace.Any(name => SaliencyMethod.Parse(name).WeighsChannels));
        Assert.IsTrue(byChannels.All(name => SaliencyMethod.Parse(name).WeighsChannels));
    }

    private static void Check(byte[] model, NetworkTask expected, string why, NetworkTask asked = NetworkTask.Auto, int? classes = null)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model, classes: classes, task: asked);
        Assert.AreEqual(expected, network.Task);
        StringAssert.Contains(network.WhyTask, why);
    }

    private static void Refused(byte[] model, NetworkTask asked, string because)
        => StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(model, task: asked).Layers).Message, because);

    private static OnnxModelBuilder Maps() => new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
        .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Rectified.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Rectified.Bias)
        .Weight("heads", [3, TinyNetwork.Channels, 1, 1], PlacedNetworks.PixelWeights)
        .Node("Conv", "input kernels bias", "before", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Relu", "before", "map").Node("Conv", "map heads", "small");

    private static byte[] Vector(int count, string? end = null)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Rectified.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Rectified.Bias)
            .Weight("weights", [TinyNetwork.Channels, count], OnnxModelBuilder.Numbers([TinyNetwork.Channels, count], 7))
            .Node("Conv", "input kernels bias", "before", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Relu", "before", "map")
            .Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Node("MatMul", "flat weights", "scores");
        return (end is null ? model.Output("scores", 0, count) : model.Node(end, "scores", "shares").Output("shares", 0, count)).ToBytes();
    }
}
