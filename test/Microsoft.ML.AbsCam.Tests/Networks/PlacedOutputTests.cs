using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Saliency.Questions;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>Outputs that hold places and could be taken for something else: depth for boxes, masks' parts and pictures for classes, nothing for a find.</summary>
[TestClass]
public sealed class PlacedOutputTests
{
    private static readonly string[] Named = ["zero", "one", "background"];

    [TestMethod]
    public void One_number_a_place_is_no_list_of_boxes_and_the_remedy_works()
    {
        byte[] depth = Maps().Weight("far", [1, TinyNetwork.Channels, 1, 1], [.. Enumerable.Repeat(1f, TinyNetwork.Channels)]).Node("Conv", "map far", "raw").Node("Softplus", "raw", "depths").Ints("one", 1)
            .Node("Squeeze", "depths one", "dropped").Node("Identity", "dropped", "depth").Output("depth", 0, 4, 4).ToBytes();
        string said = Refused(depth);
        StringAssert.Contains(said, "'depth' [1, 4, 4] (one number for each place, by rows and columns, and no list of boxes");
        StringAssert.Contains(said, "as 'depths' inside the file may be");
        using ImageNetwork network = ImageNetwork.FromOnnx(depth, scoresOutput: "depths", task: NetworkTask.Segment);
        Assert.AreEqual(NetworkTask.Segment, network.Task);
    }

    [TestMethod]
    public void Beside_a_list_that_cannot_be_read_a_map_is_not_taken_for_classes()
    {
        byte[] masks = Maps().Weight("parts", [3, TinyNetwork.Channels, 1, 1], PlacedNetworks.PixelWeights).Node("Conv", "map parts", "protos").Ints("line", 0, 3, 16).Node("Reshape", "protos line", "rows")
            .Weight("more", [1, 7, 3], OnnxModelBuilder.Numbers([1, 7, 3], 5)).Node("MatMul", "more rows", "queries").Output("queries", 0, 7, 16).Output("protos", 0, 3, 4, 4).ToBytes();
        StringAssert.Contains(Refused(masks), "the output 'protos' [1, 3, 4, 4] could hold scores of classes for each pixel, and beside it 'queries' [1, 7, 16]");
        using ImageNetwork said = ImageNetwork.FromOnnx(masks, task: NetworkTask.Segment);
        using ImageNetwork named = ImageNetwork.FromOnnx(masks, classes: 3);
        Assert.AreEqual((NetworkTask.Segment, NetworkTask.Segment), (said.Task, named.Task));
    }

    [TestMethod]
    public void A_map_that_is_finer_than_the_image_is_a_picture_unless_it_is_said_to_be_classes()
    {
        byte[] picture = Maps().Weight("colours", [3, TinyNetwork.Channels, 1, 1], PlacedNetworks.PixelWeights).Weight("scales", [4], 1, 1, 4, 4)
            .Node("Conv", "map colours", "small").Node("Resize", "small _ scales", "large", ("mode", "nearest")).Output("large", 0, 3, 16, 16).ToBytes();
        StringAssert.Contains(Refused(picture), "finer than the image, as of a network that makes pictures");
        using ImageNetwork said = ImageNetwork.FromOnnx(picture, task: NetworkTask.Segment);
        Assert.AreEqual(NetworkTask.Segment, said.Task);
    }

    [TestMethod]
    public void Maps_made_of_sigmoids_are_probabilities_of_each_class()
    {
        byte[] several = Maps().Weight("pixels", [3, TinyNetwork.Channels, 1, 1], PlacedNetworks.PixelWeights).Node("Conv", "map pixels", "logits").Node("Sigmoid", "logits", "shares").Output("shares", 0, 3, 4, 4).ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(several);
        Assert.AreEqual(ScoreKind.OwnProbabilities, network.ScoreEvidence.Kind);
        using ImageNetwork one = ImageNetwork.FromOnnx(PlacedNetworks.OneClass(sigmoid: true));
        Assert.AreEqual(ScoreKind.OwnProbabilities, one.ScoreEvidence.Kind);
        Assert.AreEqual(ProbabilityOf(PlacedNetworks.OneClass(sigmoid: false)), ProbabilityOf(PlacedNetworks.OneClass(sigmoid: true)), 1e-5);

        static float ProbabilityOf(byte[] model)
        {
            var context = new MLContext(1);
            using ImageNetwork network = ImageNetwork.FromOnnx(model);
            AbsCamOptions options = new() { Target = SaliencyTarget.Region(SaliencyTarget.Class(1)), Method = SaliencyMethod.LayerCam, Columns = new() { Probability = "P" } };
            using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), network, options).Fit(TinyNetwork.View(context, 1));
            return transformer.Transform(TinyNetwork.View(context, 1)).GetColumn<float>("P").Single();
        }
    }

    [TestMethod]
    [DataRow(true, false, DisplayName = "shares")]
    [DataRow(true, true, DisplayName = "shares apart")]
    [DataRow(false, false, DisplayName = "logits")]
    [DataRow(false, true, DisplayName = "logits apart")]
    public void A_class_for_nothing_being_there_is_never_what_is_found(bool softmax, bool apart)
    {
        // Only what is the likeliest everywhere tells, where scores do not add up to 1.
        float nothing = softmax ? 3 : 20;
        byte[] model = PlacedNetworks.WithBackground(softmax, apart, nothing);
        byte[] plain = PlacedNetworks.WithBackground(softmax: false, apart: false, nothing);
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new AbsCamOptions().FindingsFor(network)).Message, "call that one 'background'");

        IDataView rows = TinyNetwork.View(context, 4);
        AbsCamOptions options = new() { Labels = Named, Method = SaliencyMethod.LayerCam, Columns = new() { Class = "C", Probability = "P" } };
        using ImageNetwork named = ImageNetwork.FromOnnx(model, classes: Named.Length);
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), named, options).Fit(rows);
        IDataView explained = transformer.Transform(rows);
        uint[] classes = [.. explained.GetColumn<uint>("C")];
        float[] probabilities = [.. explained.GetColumn<float>("P")];
        for (int row = 0; row < classes.Length; row++)
        {
            (float[] all, _) = OnnxRuntimeOracle.Run(plain, TinyNetwork.Image(row), [1, 3, TinyNetwork.Side, TinyNetwork.Side]);
            (int Class, double P) best = (from box in all.Chunk(7) let logits = box[4..] from c in Enumerable.Range(0, 2) select (c, Math.Exp(logits[c]) / logits.Sum(logit => Math.Exp(logit)))).MaxBy(one => one.Item2);
            Assert.AreEqual((uint)best.Class + 1, classes[row]);
            Assert.AreEqual(best.P, probabilities[row], 1e-4 * best.P);
        }
    }

    private static string Refused(byte[] model) => Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(model).Layers).Message;

    private static OnnxModelBuilder Maps() => new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
        .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Rectified.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Rectified.Bias)
        .Node("Conv", "input kernels bias", "before", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Relu", "before", "map");
}
