using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Layers;

/// <summary>Where the places of a map stay known, where they are lost, and what belongs to the pooling.</summary>
[TestClass]
public sealed class LayerPlacesTests
{
    private static readonly long[] HeightWidth = [2, 3];
    private static readonly long[] One = [1, 1, 1, 1];
    private static readonly long[] Two = [2, 2];

    [TestMethod]
    public void A_group_norm_of_reshapes_gives_the_same_map_back()
    {
        FeatureLayer pick = Picked(Classified(
            Features().Ints("groups", 0, 2, -1).Node("Reshape", "map groups", "grouped").Weight("s", [2], 1, 1).Weight("b", [2], 0, 0).Node("InstanceNormalization", "grouped s b", "even")
                .Node("Shape", "map", "shape").Node("Reshape", "even shape", "back").Node("Relu", "back", "normed"),
            "normed",
            4), out _);
        Assert.AreEqual(("normed", 1, 3), (pick.Name, pick.Stride, pick.ReceptiveField));
    }

    [TestMethod]
    [DataRow("mirrored", "Slice")]
    [DataRow("cut", "Slice")]
    [DataRow("bordered", "Pad")]
    [DataRow("cut and resized", "Resize")]
    public void An_image_that_is_moved_inside_the_file_is_told_with_the_node(string how, string operation)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 0, 3, 16, 16);
        model = how switch
        {
            "mirrored" => model.Ints("from", -1).Ints("to", -17).Ints("axis", 3).Ints("back", -1).Node("Slice", "image from to axis back", "moved"),
            "cut" => model.Ints("from", 4).Ints("to", 16).Ints("axis", 2).Node("Slice", "image from to axis", "moved"),
            "bordered" => model.Ints("pads", 0, 0, 0, 0, 0, 0, 12, 0).Node("Pad", "image pads", "moved"),
            _ => model.Weight("region", [8], 0, 0, 0, 0.5f, 1, 1, 0.5f, 1).Ints("sizes", 1, 3, 8, 8).Node("Resize", "image region _ sizes", "moved", ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize")),
        };
        model = Classified(model.Weight("kernel", 4, 3, 3, 3).Node("Conv", "moved kernel", "map"), "map", 4);
        using ImageNetwork network = ImageNetwork.FromOnnx(model.Output("scores").ToBytesWithoutOutputShapes());
        StringAssert.Contains(network.WhyNoDefaultLayer, $"behind the node 'moved' ({operation}) rows or columns are no longer where they were");
        Assert.IsEmpty(network.Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel));
    }

    [TestMethod]
    public void Channels_that_are_shuffled_leave_the_places_alone()
    {
        FeatureLayer pick = Picked(Classified(
            Features().Ints("apart", 0, 2, 2, 6, 6).Node("Reshape", "map apart", "five").Node("Transpose", "five", "turned", ("perm", (long[])[0, 2, 1, 3, 4])).Ints("together", 0, 4, 6, 6)
                .Node("Reshape", "turned together", "shuffled").Weight("k2", 4, 1, 3, 3).Node("Conv", "shuffled k2", "next", ("group", 4), ("pads", One)),
            "next",
            4), out _);
        Assert.AreEqual(("next", 6, 5), (pick.Name, pick.Height, pick.ReceptiveField));
    }

    [TestMethod]
    public void Windows_that_are_put_together_again_are_the_map()
    {
        FeatureLayer pick = Picked(Classified(
            Features().Node("Transpose", "map", "last", ("perm", (long[])[0, 2, 3, 1])).Ints("cut", 0, 3, 2, 3, 2, 4).Node("Reshape", "last cut", "windows").Node("Transpose", "windows", "gathered", ("perm", (long[])[0, 1, 3, 2, 4, 5]))
                .Ints("rows", -1, 4, 4).Node("Reshape", "gathered rows", "tokens").Weight("d", 4, 4).Node("MatMul", "tokens d", "mixed").Ints("uncut", -1, 3, 3, 2, 2, 4).Node("Reshape", "mixed uncut", "spread")
                .Node("Transpose", "spread", "ordered", ("perm", (long[])[0, 1, 3, 2, 4, 5])).Ints("whole", -1, 6, 6, 4).Node("Reshape", "ordered whole", "again").Node("Add", "again last", "sum"),
            "sum",
            4,
            ("axes", (long[])[1, 2])), out IReadOnlyList<FeatureLayer> layers);
        Assert.AreEqual(("sum", 4, 6, 6), (pick.Name, pick.Channels, pick.Height, pick.Width));
        Assert.IsTrue(layers.Any(layer => layer.Name == "again"));
        Assert.IsFalse(layers.Any(layer => layer.Name is "tokens" or "gathered" or "windows"));
    }

    [TestMethod]
    [DataRow("views", 2)]
    [DataRow("SpaceToDepth", 2)]
    [DataRow("slices", 2)]
    public void Space_to_depth_has_the_stride_of_its_blocks(string spelling, int stride)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 0, 3, 8, 8);
        model = spelling switch
        {
            "views" => model.Ints("cut", 0, 3, 4, 2, 4, 2).Node("Reshape", "image cut", "six").Node("Transpose", "six", "deep", ("perm", (long[])[0, 3, 5, 1, 2, 4])).Ints("flat", 0, 12, 4, 4).Node("Reshape", "deep flat", "small"),
            "SpaceToDepth" => model.Node("SpaceToDepth", "image", "small", ("blocksize", 2)),
            _ => Sliced(model),
        };
        FeatureLayer pick = Picked(Classified(model.Weight("k", 4, 12, 1, 1).Node("Conv", "small k", "map"), "map", 4), out _);
        Assert.AreEqual(("map", 4, stride, 2), (pick.Name, pick.Height, pick.Stride, pick.ReceptiveField));
    }

    [TestMethod]
    public void Behind_blocks_of_pixels_pooled_places_see_whole_blocks()
    {
        // Four blocks of 2 x 2, of which the next window sees 2 x 2.
        FeatureLayer pick = Picked(Classified(
            new OnnxModelBuilder().Input("image", 0, 3, 16, 16).Node("SpaceToDepth", "image", "small", ("blocksize", 2)).Node("MaxPool", "small", "pooled", ("kernel_shape", Two), ("strides", Two)).Weight("k", 4, 12, 2, 2)
                .Node("Conv", "pooled k", "map"),
            "map",
            4), out _);
        Assert.AreEqual(("map", 4, 8), (pick.Name, pick.Stride, pick.ReceptiveField));
    }

    [TestMethod]
    public void Reading_a_shape_is_no_way_around_a_layer()
    {
        FeatureLayer pick = Picked(
            Features().Weight("k2", 4, 4, 3, 3).Node("Conv", "map k2", "next", ("pads", One)).Node("GlobalAveragePool", "next", "pooled").Node("Shape", "image", "s").Ints("first", 0).Node("Gather", "s first", "rows")
                .Ints("rest", -1).Node("Concat", "rows rest", "to", ("axis", 0)).Node("Reshape", "pooled to", "flat").Weight("w", 4, 5).Node("Gemm", "flat w", "scores"),
            out _);
        Assert.AreEqual("next", pick.Name);
    }

    [TestMethod]
    public void The_powers_of_a_generalised_mean_belong_to_the_pooling()
    {
        FeatureLayer pick = Picked(
            Features().Weight("low", [], 1e-6f).Node("Clip", "map low", "clamped").Weight("p", [], 3).Node("Pow", "clamped p", "cubes").Node("GlobalAveragePool", "cubes", "pooled").Weight("q", [], 1 / 3f).Node("Pow", "pooled q", "root")
                .Node("Flatten", "root", "flat").Weight("w", 4, 5).Node("Gemm", "flat w", "scores"),
            out _);
        Assert.AreEqual("map", pick.Name);
    }

    [TestMethod]
    [DataRow("", "Clip", "before")]
    [DataRow("", "Max", "before")]
    [DataRow("Dropout", "Clip", "before")]
    [DataRow("MaxPool", "Clip", "before")]
    [DataRow("Relu", "Clip", "between")]
    public void A_generalised_mean_cuts_what_is_below_zero_and_begins_where_the_features_end(string between, string cut, string right)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before");
        model = between switch
        {
            "" => model,
            "MaxPool" => model.Node(between, "before", "between", ("kernel_shape", Two), ("strides", Two)),
            _ => model.Node(between, "before", "between"),
        };
        FeatureLayer pick = Picked(
            model.Weight("low", [], 1e-6f).Node(cut, $"{(between.Length == 0 ? "before" : "between")} low", "cut").Weight("p", [], 3).Node("Pow", "cut p", "cubes").Node("GlobalAveragePool", "cubes", "pooled").Weight("q", [], 1 / 3f)
                .Node("Pow", "pooled q", "root").Node("Flatten", "root", "flat").Weight("w", 4, 5).Node("Gemm", "flat w", "scores"),
            out _);
        Assert.AreEqual(right, pick.Name);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_product_with_equal_numbers_is_a_mean_and_no_classifier(bool isEven)
    {
        OnnxModelBuilder model = Features().Weight("c", 5, 4, 1, 1).Node("Conv", "map c", "maps").Ints("line", 0, 5, -1).Node("Reshape", "maps line", "lines");
        model = isEven ? model.Weight("share", [36, 1], [.. Enumerable.Repeat(1 / 36f, 36)]) : model.Weight("share", 36, 1);
        FeatureLayer pick = Picked(model.Node("MatMul", "lines share", "means").Ints("last", 2).Node("Squeeze", "means last", "scores"), out _);
        Assert.AreEqual(isEven ? "map" : "maps", pick.Name);
    }

    [TestMethod]
    public void The_weights_of_an_attention_pool_belong_to_the_pooling()
    {
        FeatureLayer pick = Picked(
            Features().Weight("a", 1, 4, 1, 1).Node("Conv", "map a", "energy").Ints("row", 0, 1, -1).Node("Reshape", "energy row", "line").Node("Softmax", "line", "shares", ("axis", 2)).Ints("square", 0, 1, 6, 6)
                .Node("Reshape", "shares square", "weights").Node("Mul", "map weights", "weighed").Ints("axes", 2, 3).Node("ReduceSum", "weighed axes", "pooled", ("keepdims", 0)).Weight("w", 4, 5).Node("Gemm", "pooled w", "scores"),
            out _);
        Assert.AreEqual("map", pick.Name);
    }

    [TestMethod]
    public void A_gate_that_weighs_places_without_a_sum_is_part_of_the_features()
    {
        FeatureLayer pick = Picked(
            Features().Weight("a", 1, 4, 1, 1).Node("Conv", "map a", "energy").Node("Sigmoid", "energy", "gate").Node("Mul", "map gate", "gated").Node("ReduceMean", "gated", "pooled", ("axes", HeightWidth), ("keepdims", 0))
                .Weight("w", 4, 5).Node("Gemm", "pooled w", "scores"),
            out _);
        Assert.AreEqual("gated", pick.Name);
    }

    [TestMethod]
    public void Without_a_classifier_the_last_features_are_picked()
    {
        FeatureLayer pick = Picked(Features().Node("ReduceMean", "map", "scores", ("axes", HeightWidth), ("keepdims", 0)), out _);
        Assert.AreEqual("map", pick.Name);
    }

    [TestMethod]
    public void A_separable_convolution_before_the_pool_makes_features()
    {
        FeatureLayer pick = Picked(
            Features().Weight("d", 4, 1, 3, 3).Node("Conv", "map d", "deep", ("group", 4), ("pads", One)).Node("Relu", "deep", "each").Weight("p", 8, 4, 1, 1).Node("Conv", "each p", "point").Node("Relu", "point", "last")
                .Node("ReduceMean", "last", "scores", ("axes", HeightWidth), ("keepdims", 0)),
            out _);
        Assert.AreEqual("last", pick.Name);
    }

    [TestMethod]
    public void Trunks_that_meet_only_after_pooling_have_no_pick_and_can_be_named()
    {
        OnnxModelBuilder model = Features().Weight("k2", 6, 4, 3, 3).Node("Conv", "map k2", "left", ("pads", One)).Weight("k3", 6, 4, 3, 3).Node("Conv", "map k3", "right", ("pads", One))
            .Node("GlobalAveragePool", "left", "l").Node("GlobalAveragePool", "right", "r").Node("Concat", "l r", "both", ("axis", 1)).Node("Flatten", "both", "flat").Weight("w", 12, 5).Node("Gemm", "flat w", "scores");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.Output("scores").ToBytes());
        string message = Assert.ThrowsExactly<ArgumentException>(() => network.FindLayer(null)).Message;
        StringAssert.Contains(message, "the last map of features, 'map' (4 x 6 x 6), comes before most of the network");
        StringAssert.Contains(message, "Name a layer");
        Assert.AreEqual(message, network.WhyNoDefaultLayer);
        Assert.AreEqual(LayerVerdict.TooEarly, network.Layers.Single(layer => layer.Name == "map").Kind);
        Assert.AreEqual("left", network.FindLayer("left").Name);
    }

    [TestMethod]
    public void A_large_classifier_behind_the_maps_is_no_reason_to_refuse()
    {
        FeatureLayer pick = Picked(Features().Node("Flatten", "map", "flat").Weight("w", 144, 400).Node("Gemm", "flat w", "hidden").Node("Relu", "hidden", "active").Weight("v", 400, 5).Node("Gemm", "active v", "scores"), out _);
        Assert.AreEqual("map", pick.Name);
        Assert.IsLessThan(0.1, pick.WorkBefore!.Value);
    }

    [TestMethod]
    public void A_mirrored_map_is_not_laid_over_the_image()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Classified(
            new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Ints("from", -1).Ints("to", -9).Ints("axis", 3).Ints("step", -1).Node("Slice", "image from to axis step", "mirror").Weight("kernel", 4, 3, 3, 3)
                .Node("Conv", "mirror kernel", "before").Node("Relu", "before", "map"),
            "map",
            4).Output("scores").ToBytes());
        Assert.IsEmpty(network.Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel));
    }

    [TestMethod]
    public void A_layer_with_channels_last_gives_the_map_of_the_same_layer_with_channels_first()
    {
        byte[] first = Classified(Features(), "map", 4).Output("scores").ToBytes();
        byte[] last = Classified(
            new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Transpose", "before", "turned", ("perm", (long[])[0, 2, 3, 1])).Node("Relu", "turned", "map"),
            "map",
            4,
            ("axes", (long[])[1, 2])).Output("scores").ToBytes();
        using DisposeScope scope = NewDisposeScope();
        Tensor images = tensor(OnnxModelBuilder.Numbers([2, 3, 8, 8], 5), [2, 3, 8, 8]);
        (float[] activation, float[] gradient) = Explained(first, images);
        (float[] turned, float[] turnedGradient) = Explained(last, images);
        Close.AreClose(activation, turned, 1e-6, "activation");
        Close.AreClose(gradient, turnedGradient, 1e-6, "gradient");
    }

    private static (float[] Activation, float[] Gradient) Explained(byte[] model, Tensor images)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        using DisposeScope scope = NewDisposeScope();
        var pass = network.RunFromLayer(images, network.FindLayer(null).Name, CPU);
        CollectionAssert.AreEqual(new long[] { 2, 4, 6, 6 }, pass.Activation.shape);
        return (pass.Activation.Floats(), network.Gradients(pass, [[1, 3]])[0].Floats());
    }

    private static OnnxModelBuilder Sliced(OnnxModelBuilder model)
    {
        model.Ints("axes", 2, 3).Ints("ends", 8, 8).Ints("steps", 2, 2);
        for (int i = 0; i < 4; i++)
        {
            model.Ints($"from{i}", i / 2, i % 2).Node("Slice", $"image from{i} ends axes steps", $"part{i}");
        }

        return model.Node("Concat", "part0 part1 part2 part3", "small", ("axis", 1));
    }

    // image -> Conv "before" -> Relu "map" [4, 6, 6]
    private static OnnxModelBuilder Features() =>
        new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "map");

    private static OnnxModelBuilder Classified(OnnxModelBuilder model, string map, long channels, (string, object)? axes = null) =>
        model.Node("ReduceMean", map, "means", axes ?? ("axes", HeightWidth), ("keepdims", 0)).Weight("fc", channels, 5).Node("Gemm", "means fc", "scores");

    private static FeatureLayer Picked(OnnxModelBuilder model, out IReadOnlyList<FeatureLayer> layers)
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(model.Output("scores").ToBytes(), "places.onnx");
        layers = loaded.Layers;
        Assert.IsNotNull(loaded.DefaultLayer, loaded.WhyNoDefaultLayer);
        return loaded.DefaultLayer;
    }
}
