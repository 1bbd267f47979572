using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx.Signature;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Signature;

[TestClass]
public sealed class OnnxSignatureTests
{
    [TestMethod]
    [DataRow("squeezenet1.0", 224, 1000)]
    [DataRow("resnet20-cifar10", 32, 10)]
    public void The_header_of_a_real_file_says_what_its_import_says(string network, int side, int classes)
    {
        string file = SharedData.PathOrSkip("models", network + ".onnx");
        Assert.AreEqual(new KnownShape(3, side, side, classes), OnnxSignature.Read(File.ReadAllBytes(file)).Shape);
    }

    [TestMethod]
    public void Static_sizes_need_no_import()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        Assert.AreEqual(new NetworkShape(3, 8, 8, 5), network.Shape);
        Assert.IsFalse(network.IsLoaded);
        Assert.IsNotEmpty(network.Layers);
        Assert.IsTrue(network.IsLoaded);
        Assert.AreEqual(new NetworkShape(3, 8, 8, 5), network.Shape);
    }

    [TestMethod]
    public void Open_sizes_are_left_to_the_import_or_to_the_caller()
    {
        byte[] open = TinyNetwork.Rectified.ToOnnx(side: 0, classes: 0);
        Assert.AreEqual(new KnownShape(3, null, null, null), OnnxSignature.Read(open).Shape);
        using ImageNetwork usual = ImageNetwork.FromOnnx(open);
        Assert.AreEqual(new NetworkShape(3, 224, 224, 5), usual.Shape);
        Assert.IsTrue(usual.IsLoaded);
        using ImageNetwork asked = ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(side: 0), 16, 12);
        Assert.AreEqual(new NetworkShape(3, 16, 12, 5), asked.Shape);
        Assert.IsFalse(asked.IsLoaded);
        Assert.IsNotEmpty(asked.Layers);
    }

    [TestMethod]
    public void A_size_against_the_file_is_refused_by_the_import()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(), 16, 16);
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => network.Layers).Message, "fixes the height at 8; 16 was asked for");
    }

    [TestMethod]
    public void Channels_last_and_weights_among_the_inputs_are_understood()
    {
        byte[] model = new OnnxModelBuilder().Weight("w", 3, 2).Input("w", 3, 2).Input("image", 1, 6, 7, 3).Output("scores", 1, 2, 1, 1).Node("Identity", "image", "x").ToBytes();
        Assert.AreEqual(new KnownShape(3, 6, 7, 2), OnnxSignature.Read(model).Shape);
    }

    [TestMethod]
    public void Several_outputs_and_two_axes_of_classes_are_left_to_the_import()
    {
        Assert.IsNull(OnnxSignature.Read(new OnnxModelBuilder().Input("image", 1, 3, 6, 7).Output("a", 1, 2).Output("b", 1, 2).ToBytes()).Shape.ClassCount);
        Assert.IsNull(OnnxSignature.Read(new OnnxModelBuilder().Input("image", 1, 3, 6, 7).Output("a", 1, 2, 2).ToBytes()).Shape.ClassCount);
        Assert.IsNull(OnnxSignature.Read(new OnnxModelBuilder().Input("image", 1, 3, 6, 7).Input("mask", 1, 3, 6, 7).ToBytes()).Shape.Height);
    }

    [TestMethod]
    public void An_output_that_only_ranks_scores_states_no_classes()
    {
        byte[] best = RefusedModel.Classifier().Ints("k", 2).Node("TopK", "scores k", "values indices").Node("Identity", "values", "best").OnlyOutput("best", 0, 2).ToBytes();
        Assert.AreEqual(new KnownShape(3, 8, 8, null), OnnxSignature.Read(best).Shape);
        using ImageNetwork network = ImageNetwork.FromOnnx(best);
        Assert.AreEqual(new NetworkShape(3, 8, 8, 3), network.Shape);
        Assert.IsNotEmpty(network.Layers);
        byte[] packed = RefusedModel.Classifier().LearningNode("ZipMap", "scores", "loss", ("classlabels_strings", (string[])["a", "b", "c"])).OnlyOutput("loss").ToBytes();
        Assert.AreEqual(new KnownShape(3, 8, 8, null), OnnxSignature.Read(packed).Shape);
        Assert.IsTrue(OnnxSignature.Read(packed).NamesClasses);
        Assert.IsFalse(OnnxSignature.Read(best).NamesClasses);
    }

    [TestMethod]
    public void An_inner_value_that_is_asked_for_states_no_classes() =>
        Assert.IsNull(OnnxSignature.Read(TinyNetwork.Rectified.ToOnnx(), "inner").Shape.ClassCount);

    [TestMethod]
    public void A_file_that_states_other_classes_than_it_gives_is_refused()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(classes: 7));
        Assert.AreEqual(7, network.Shape.ClassCount);
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => network.Layers).Message, "the file states the shape");
    }

    [TestMethod]
    public void Any_bytes_are_read_without_an_exception()
    {
        byte[] whole = TinyNetwork.Rectified.ToOnnx();
        for (int length = 0; length < whole.Length; length += 7)
        {
            OnnxSignature.Read(whole.AsSpan(0, length));
        }

        var random = new Random(5);
        byte[] noise = new byte[200];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(noise);
            noise[0] = 0x3A;
            OnnxSignature.Read(noise);
        }
    }
}
