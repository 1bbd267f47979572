using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Layers;

[TestClass]
public sealed class LayerChoiceTests
{
    private static readonly long[] Two = [2, 2];
    private static readonly long[] One = [1, 1, 1, 1];
    private static readonly long[] HeightWidth = [2, 3];
    private static readonly long[] ChannelsToTheEnd = [0, 2, 3, 1];
    private static readonly long[] ChannelsToTheFront = [0, 3, 1, 2];

    [TestMethod]
    public void A_pooled_map_is_not_picked()
    {
        FeatureLayer pick = Picked(Features().Node("MaxPool", "map", "small", ("kernel_shape", Two), ("strides", Two)).Node("Flatten", "small", "flat").Weight("w", 36, 5).Node("Gemm", "flat w", "scores"), out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual("map", pick.Name);
        StringAssert.Contains(Verdict(layers, "small"), "pooled map");
        StringAssert.Contains(Verdict(layers, "before"), "Before its activation 'map'");
    }

    [TestMethod]
    public void A_map_with_a_channel_for_each_class_is_not_picked()
    {
        FeatureLayer pick = Picked(Features().Node("Dropout", "map", "dropped").Weight("c", 5, 4, 1, 1).Node("Conv", "dropped c", "maps").Node("Relu", "maps", "active").Node("GlobalAveragePool", "active", "pooled").Node("Flatten", "pooled", "scores"), out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual("map", pick.Name);
        StringAssert.Contains(Verdict(layers, "maps"), "One channel a class");
        StringAssert.Contains(Verdict(layers, "active"), "One channel a class");
        StringAssert.Contains(Verdict(layers, "dropped"), "same numbers as 'map'");
    }

    [TestMethod]
    public void A_map_of_one_channel_that_is_pooled_to_the_one_score_is_not_picked()
    {
        FeatureLayer pick = Picked(Features().Weight("c", 1, 4, 3, 3).Node("Conv", "map c", "one").Node("GlobalAveragePool", "one", "pooled").Node("Flatten", "pooled", "scores"), out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual("map", pick.Name);
        StringAssert.Contains(Verdict(layers, "one"), "One channel a class");
    }

    [TestMethod]
    [DataRow(4, true)]
    [DataRow(5, false)]
    public void Features_with_as_many_channels_as_scores_are_doubted_aloud(int channels, bool isClassifier)
    {
        OnnxModelBuilder model = Features().Weight("c", channels, 4, 3, 3).Node("Conv", "map c", "last").Node("GlobalAveragePool", "last", "pooled").Node("Flatten", "pooled", "flat");
        model = isClassifier ? model.Weight("w", channels, 4).Node("Gemm", "flat w", "scores") : model.Node("Identity", "flat", "scores");
        using OnnxNetwork loaded = OnnxNetwork.Load(model.Output("scores").ToBytes(), "layers.onnx");
        Assert.AreEqual("last", loaded.DefaultLayer!.Name);
        Assert.AreEqual(isClassifier, loaded.LayerDoubt is null, loaded.LayerDoubt);
    }

    [TestMethod]
    public void A_large_classifier_of_each_place_does_not_count_as_work_behind_the_features()
    {
        FeatureLayer pick = Picked(
            Features().Weight("c", 40, 4, 3, 3).Node("Conv", "map c", "maps").Node("GlobalAveragePool", "maps", "pooled").Node("Flatten", "pooled", "logits").Node("Softmax", "logits", "scores", ("axis", 1)), out _);
        Assert.AreEqual("map", pick.Name);
    }

    [TestMethod]
    public void Without_sizes_a_network_that_turns_its_input_first_takes_channels_last()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 0, 0, 0, 0).Node("Transpose", "image", "turned", ("perm", ChannelsToTheFront)).Weight("kernel", 4, 3, 3, 3)
            .Node("Conv", "turned kernel", "before").Node("Relu", "before", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "scores").Output("scores");
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytesWithoutOutputShapes(), "open.onnx", null, [0, 12, 9]);
        Assert.AreEqual((3, 12, 9), (network.InputChannels, network.InputHeight, network.InputWidth));
        Assert.AreEqual((10, 7), (network.DefaultLayer!.Height, network.DefaultLayer.Width));
    }

    [TestMethod]
    public void As_many_channels_as_classes_are_features_where_weights_follow()
    {
        FeatureLayer pick = Picked(Features().Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Weight("w", 4, 4).Node("Gemm", "flat w", "scores"), out _);
        Assert.AreEqual("map", pick.Name);
    }

    [TestMethod]
    public void The_sum_of_a_residual_block_is_picked_with_its_activation()
    {
        FeatureLayer pick = Picked(
            Features().Weight("k2", 4, 4, 3, 3).Node("Conv", "map k2", "inner", ("pads", One)).Node("Add", "inner map", "sum").Node("Relu", "sum", "block").Node("GlobalAveragePool", "block", "pooled")
                .Node("Flatten", "pooled", "flat").Weight("w", 4, 5).Node("Gemm", "flat w", "scores"),
            out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual("block", pick.Name);
        StringAssert.Contains(Verdict(layers, "inner"), "residual block, whose sum is 'sum'");
        StringAssert.Contains(Verdict(layers, "sum"), "Before its activation 'block'");
    }

    [TestMethod]
    public void Inputs_and_outputs_that_are_left_out_join_nothing()
    {
        FeatureLayer pick = Picked(
            Features().Node("MaxPool", "map", "small _", ("kernel_shape", Two)).Weight("factors", [4], 1, 1, 2, 2).Node("Resize", "small _ factors", "large").Node("GlobalAveragePool", "large", "pooled")
                .Node("Flatten", "pooled", "flat").Weight("w", 4, 5).Node("Gemm", "flat w", "scores"),
            out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual("large", pick.Name);
        StringAssert.Contains(Verdict(layers, "map"), "An earlier map");
    }

    [TestMethod]
    public void A_gate_that_pools_and_multiplies_does_not_end_the_maps()
    {
        FeatureLayer pick = Picked(
            Features().Node("GlobalAveragePool", "map", "squeezed").Weight("g", 4, 4, 1, 1).Node("Conv", "squeezed g", "excited").Node("Sigmoid", "excited", "gate").Node("Mul", "map gate", "gated")
                .Node("ReduceMean", "gated", "pooled", ("axes", HeightWidth), ("keepdims", 0)).Weight("w", 4, 5).Node("Gemm", "pooled w", "scores"),
            out _);
        Assert.AreEqual("gated", pick.Name);
    }

    [TestMethod]
    public void Maps_with_channels_last_are_layers_too()
    {
        FeatureLayer pick = Picked(
            Features().Node("Transpose", "map", "last", ("perm", ChannelsToTheEnd)).Weight("d", 4, 6).Node("MatMul", "last d", "dense").Node("Transpose", "dense", "first", ("perm", ChannelsToTheFront))
                .Node("GlobalAveragePool", "first", "pooled").Node("Flatten", "pooled", "flat").Weight("w", 6, 5).Node("Gemm", "flat w", "scores"),
            out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual(("dense", 6, 6, 6), (pick.Name, pick.Channels, pick.Height, pick.Width));
        StringAssert.Contains(Verdict(layers, "last"), "same numbers as 'map'");
        StringAssert.Contains(Verdict(layers, "first"), "same numbers as 'dense'");
    }

    [TestMethod]
    public void Attention_matrices_are_no_maps()
    {
        FeatureLayer pick = Picked(
            Features().Ints("tokens", 0, 4, 1, -1).Node("Reshape", "map tokens", "rows").Node("Transpose", "rows", "columns", ("perm", new long[] { 0, 2, 3, 1 })).Node("Transpose", "rows", "queries", ("perm", new long[] { 0, 2, 1, 3 }))
                .Node("MatMul", "queries columns", "attention").Node("Softmax", "attention", "weights").Node("Flatten", "weights", "flat").Weight("w", 16, 5).Node("Gemm", "flat w", "scores"),
            out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual("map", pick.Name);
        Assert.IsFalse(layers.Any(layer => layer.Name == "attention"));
    }

    [TestMethod]
    [DataRow("Softmax", true, false)]
    [DataRow("LogSoftmax", true, false)]
    [DataRow("Sigmoid", false, true)]
    [DataRow("Tanh", false, false)]
    public void Probabilities_at_the_end_are_cut_off(string end, bool softmax, bool sigmoid)
    {
        byte[] model = Features().Node("GlobalAveragePool", "map", "pooled").Weight("w", 5, 4, 1, 1).Node("Conv", "pooled w", "maps").Node(end, "maps", "probabilities", end.EndsWith("oftmax", StringComparison.Ordinal) ? [("axis", 1)] : [])
            .Node("Flatten", "probabilities", "flat").Node("Identity", "flat", "scores").Output("scores").ToBytes();
        using OnnxNetwork loaded = OnnxNetwork.Load(model, "end.onnx");
        Assert.AreEqual((5, softmax, sigmoid), (loaded.ClassCount, loaded.Evidence.Kind == ScoreKind.BeforeSoftmax, loaded.Evidence.Kind == ScoreKind.BeforeSigmoid));
        using TorchSharp.torch.Tensor image = TorchSharp.torch.ones(2, 3, 8, 8);
        using TorchSharp.torch.Tensor logits = loaded.Logits(image);
        CollectionAssert.AreEqual(new long[] { 2, 5 }, logits.shape);
    }

    [TestMethod]
    public void A_layer_may_be_named_by_its_node()
    {
        OnnxModelBuilder model = Features().Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Weight("w", 4, 5).Node("Gemm", "flat w", "scores").Output("scores");
        model.Graph.Node[1].Name = "my/relu";
        using OnnxNetwork loaded = OnnxNetwork.Load(model.ToBytes(), "named.onnx");
        using TorchSharp.torch.Tensor image = TorchSharp.torch.ones(1, 3, 8, 8);
        (TorchSharp.torch.Tensor activation, TorchSharp.torch.Tensor logits) = loaded.RunFromLayer(image, "my/relu");
        CollectionAssert.AreEqual(new long[] { 1, 4, 6, 6 }, activation.shape);
        activation.Dispose();
        logits.Dispose();
    }

    [TestMethod]
    public void A_size_that_the_file_leaves_open_is_the_usual_one_or_the_one_asked_for()
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 0, 0, 0).Weight("kernel", 4, 1, 3, 3).Node("Conv", "image kernel", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat")
            .Weight("w", 4, 5).Node("Gemm", "flat w", "scores").Output("scores").ToBytes();
        using OnnxNetwork usual = OnnxNetwork.Load(model, "open.onnx");
        Assert.AreEqual((1, 224, 224, true), (usual.InputChannels, usual.InputHeight, usual.InputWidth, usual.InputSizeIsDynamic));
        using OnnxNetwork asked = OnnxNetwork.Load(model, "open.onnx", inputShapeOverride: [0, 32, 40]);
        Assert.AreEqual((1, 32, 40, false), (asked.InputChannels, asked.InputHeight, asked.InputWidth, asked.InputSizeIsDynamic));
    }

    private static string Verdict(IReadOnlyList<FeatureLayer> layers, string name) => layers.Single(layer => layer.Name == name).Verdict;

    // image -> Conv "before" -> Relu "map" [4, 6, 6]
    private static OnnxModelBuilder Features() =>
        new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "map");

    private static FeatureLayer Picked(OnnxModelBuilder model, out IReadOnlyList<FeatureLayer> layers)
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(model.Output("scores").ToBytes(), "layers.onnx");
        layers = loaded.Layers;
        return layers.Single(layer => layer.IsDefault);
    }
}
