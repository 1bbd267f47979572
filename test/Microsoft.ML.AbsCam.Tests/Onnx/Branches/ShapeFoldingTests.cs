using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Branches;

[TestClass]
public sealed class ShapeFoldingTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow(6, DisplayName = "true: the map is pooled to one column")]
    [DataRow(12, DisplayName = "false: it is pooled to two, and the other branch sums them")]
    public void A_branch_on_a_shape_is_taken_as_the_input_is_large(int side) =>
        AsRuntime(Pooled().Node("If", "narrow", "flat3", ("then_branch", Drops("pooled")), ("else_branch", Sums("pooled"))), side);

    [TestMethod]
    public void Branches_behind_and_inside_each_other_are_taken()
    {
        GraphProto inner = new OnnxModelBuilder().Node("If", "narrow", "deep", ("then_branch", Drops("twice")), ("else_branch", Sums("twice"))).ToBranch("deep");
        inner.Node.Insert(0, new OnnxModelBuilder().Node("Add", "pooled pooled", "twice").Graph.Node[0]);
        AsRuntime(Pooled().Node("If", "narrow", "flat3", ("then_branch", inner), ("else_branch", Sums("pooled"))), 6);
    }

    [TestMethod]
    public void Branches_may_use_the_same_names_and_give_what_they_do_not_make()
    {
        GraphProto hands = new OnnxModelBuilder().Node("Identity", "pooled", "out").ToBranch("out");
        GraphProto weight = new OnnxModelBuilder().Weight("own", 4, 1, 1).Node("Mul", "first own", "out").ToBranch("out");
        GraphProto again = new OnnxModelBuilder().Weight("own", 4, 1, 1).Node("Add", "second own", "out2").Node("Squeeze", "out2 last", "out").Ints("last", 3).ToBranch("out");
        AsRuntime(
            Pooled().Node("If", "narrow", "first", ("then_branch", hands), ("else_branch", hands)).Node("If", "narrow", "second", ("then_branch", weight), ("else_branch", hands))
                .Node("If", "narrow", "flat3", ("then_branch", again), ("else_branch", Sums("second"))),
            6);
    }

    [TestMethod]
    public void A_branch_on_the_image_is_refused_by_name()
    {
        OnnxModelBuilder model = Pooled().Node("ReduceMax", "pooled", "most", ("keepdims", 0)).Weight("half", [1], 0.5f).Node("Greater", "most half", "bright")
            .Node("If", "bright", "flat3", ("then_branch", Drops("pooled")), ("else_branch", Sums("pooled")));
        NetworkLoadException e = RefusedModel.Refused(Ended(model), "If", "depends on the image", "'flat3'");
        Assert.AreEqual("If", e.Operator);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_branch_on_the_batch_is_taken_where_it_changes_no_number(bool changes)
    {
        OnnxModelBuilder model = Pooled().Ints("zero", 0).Node("Gather", "sizes zero", "rows").Node("Equal", "rows one", "alone")
            .Node("If", "alone", "flat3", ("then_branch", Drops("pooled")), ("else_branch", changes ? Sums("twice") : Sums("pooled"))).Node("Add", "pooled pooled", "twice");
        if (changes)
        {
            NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(Ended(model).ToBytesWithoutOutputShapes(), "branch.onnx", null, [0, 6, 6]).Dispose());
            StringAssert.Contains(e.Message, "another for one image than for several");
            Assert.AreEqual("If", e.Operator);
        }
        else
        {
            AsRuntime(model, 6);
        }
    }

    [TestMethod]
    public void An_If_without_a_branch_is_refused() =>
        RefusedModel.Refused(Ended(Pooled().Node("If", "narrow", "flat3")), "branch is missing");

    [TestMethod]
    [DataRow(11)]
    [DataRow(13)]
    public void A_squeeze_without_axes_keeps_the_batch(int opset)
    {
        byte[] bytes = new OnnxModelBuilder(opset).Input("image", 0, 3, 6, 6).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "map")
            .Node("GlobalAveragePool", "map", "pooled").Node("Squeeze", "pooled", "flat").Weight("weights", 4, 5).Node("Gemm", "flat weights", "scores").Output("scores").ToBytesWithoutOutputShapes();
        long[] two = [2, 3, 6, 6];
        float[] images = OnnxModelBuilder.Numbers(two, 5);
        float[] expected = OnnxRuntimeOracle.Run(bytes, images, two).Values;
        using OnnxNetwork network = OnnxNetwork.Load(bytes, "squeeze.onnx");
        using DisposeScope scope = NewDisposeScope();
        Tensor both = tensor(images, two);
        Assert.IsFalse(network.RunsRowByRow);
        Close.AreClose(expected, network.Logits(both).Floats(), Tolerance, "two rows");
        Close.AreClose(expected.AsSpan(5), network.Logits(both.narrow(0, 1, 1)).Floats(), Tolerance, "one row");
        Assert.IsNull(network.OpenRuntime([]));
        Close.AreClose(expected.AsSpan(5), network.Logits(both.narrow(0, 1, 1), inRuntime: true).Floats(), Tolerance, "one row in ONNX Runtime");
    }

    [TestMethod]
    [DataRow("sq00")]
    [DataRow("sq10")]
    [DataRow("sq20")]
    [DataRow("sq21")]
    public void What_tracing_makes_of_squeeze_gives_PyTorchs_probability(string file)
    {
        string folder = SharedData.PathOrSkip("cases", "08-squeeze-if");
        using OnnxNetwork network = OnnxNetwork.Load(File.ReadAllBytes(Path.Combine(folder, file + ".onnx")), file, null, [0, 32, 32]);
        using DisposeScope scope = NewDisposeScope();
        Tensor image = Npy.Read(Path.Combine(folder, "x.npy")).ToTensor().reshape(1, 3, 32, 32);
        Assert.AreEqual(0.69841, network.Logits(image).softmax(1).Floats().Max(), 1e-5);
    }

    // [B,4,1,1] of an image of 6 pixels, [B,4,2,2] of one of 12, and whether it is the first.
    private static OnnxModelBuilder Pooled() =>
        new OnnxModelBuilder().Input("image", 0, 3, 0, 0).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "before", "map")
            .Node("AveragePool", "map", "pooled", ("kernel_shape", new long[] { 6, 6 }), ("strides", new long[] { 6, 6 })).Node("Shape", "pooled", "sizes").Ints("three", 3)
            .Node("Gather", "sizes three", "width").Ints("one", 1).Node("Equal", "width one", "narrow");

    private static GraphProto Drops(string value) => new OnnxModelBuilder().Ints("last", 3).Node("Squeeze", $"{value} last", "dropped").ToBranch("dropped");

    private static GraphProto Sums(string value) => new OnnxModelBuilder().Node("ReduceSum", $"{value} three", "summed", ("keepdims", 0)).ToBranch("summed");

    private static OnnxModelBuilder Ended(OnnxModelBuilder model) =>
        model.Node("ReduceMax", "flat3", "flat", ("axes", new long[] { 2 }), ("keepdims", 0)).Weight("weights", 4, 5).Node("Gemm", "flat weights", "scores").Output("scores");

    private static void AsRuntime(OnnxModelBuilder model, int side)
    {
        byte[] bytes = Ended(model).ToBytesWithoutOutputShapes();
        long[] two = [2, 3, side, side];
        float[] images = OnnxModelBuilder.Numbers(two, 7);
        using OnnxNetwork network = OnnxNetwork.Load(bytes, "branch.onnx", null, [0, side, side]);
        using DisposeScope scope = NewDisposeScope();
        float[] expected = OnnxRuntimeOracle.Run(bytes, images, two).Values;
        Close.AreClose(expected, network.Logits(tensor(images, two)).Floats(), Tolerance, "scores");
        Assert.IsNull(network.OpenRuntime([]));
        Close.AreClose(expected, network.Logits(tensor(images, two), inRuntime: true).Floats(), Tolerance, "scores in ONNX Runtime");
        Assert.AreEqual("map", network.DefaultLayer?.Name);
    }
}
