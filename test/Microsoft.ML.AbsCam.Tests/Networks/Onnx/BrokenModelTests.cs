using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static Microsoft.ML.AbsCam.Tests.Support.RefusedModel;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

[TestClass]
public sealed class BrokenModelTests
{
    [TestMethod]
    public void An_empty_file_says_so() => Refused([], "empty");

    [TestMethod]
    public void Something_else_than_ONNX_says_so() =>
        Refused([.. "<!DOCTYPE html><html><body>404</body></html>"u8], "not an ONNX model");

    [TestMethod]
    public void A_file_cut_anywhere_is_refused_and_never_crashes()
    {
        byte[] whole = Classifier().ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            try
            {
                using OnnxNetwork loaded = OnnxNetwork.Load(cut, "cut.onnx");
                // What is cut off at the end of a file may be what nobody needs; then it must be the same network.
                Assert.AreEqual(3, loaded.ClassCount);
            }
            catch (NetworkLoadException e)
            {
                StringAssert.Contains(e.Message, "cut.onnx");
            }
        }
    }

    [TestMethod]
    public void A_file_with_any_byte_turned_is_refused_or_runs_and_never_crashes()
    {
        byte[] whole = Classifier().ToBytes();
        int refused = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] turned = [.. whole];
            turned[i] ^= 0x55;
            try
            {
                OnnxNetwork.Load(turned, "turned.onnx").Dispose();
            }
            catch (NetworkLoadException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(0, refused);
    }

    [TestMethod]
    public void Deep_nesting_is_refused()
    {
        byte[] nested = [];
        for (int depth = 0; depth < 200; depth++)
        {
            nested = Nest(nested);
        }

        nested = Field(ModelProto.GraphFieldNumber, nested);
        Refused(nested, "not an ONNX model");
    }

    [TestMethod]
    public void A_model_without_nodes_says_so() => Refused(new OnnxModelBuilder().Input("x", 1, 3, 8, 8).Output("x"), "no network");

    [TestMethod]
    public void A_model_without_input_says_so() =>
        Refused(new OnnxModelBuilder().Weight("w", 1, 3).Node("Relu", "w", "y").Output("y"), "no input");

    [TestMethod]
    public void Two_inputs_are_named() =>
        Refused(new OnnxModelBuilder().Input("left", 1, 3, 8, 8).Input("right", 1, 3, 8, 8).Node("Add", "left right", "y").Output("y"), "'left' [1, 3, 8, 8]", "'right'");

    [TestMethod]
    public void A_weight_that_is_listed_as_an_input_is_no_second_input()
    {
        OnnxModelBuilder model = Classifier();
        model.Input("kernel", 4, 3, 3, 3);
        using OnnxNetwork loaded = OnnxNetwork.Load(model.ToBytes(), "old.onnx");
        Assert.AreEqual("image", loaded.InputName);
    }

    [TestMethod]
    public void A_fixed_batch_says_its_size() => Refused(Classifier(batch: 8), "fixes the batch at 8");

    [TestMethod]
    public void A_vector_as_input_says_what_is_expected() =>
        Refused(new OnnxModelBuilder().Input("x", 1, 10).Node("Relu", "x", "y").Output("y"), "not an image", "[batch, channels, height, width]");

    [TestMethod]
    public void A_network_without_feature_maps_loads_and_says_so_when_a_layer_is_asked_for()
    {
        byte[] model = new OnnxModelBuilder().Input("x", 1, 3, 4, 4).Node("Flatten", "x", "flat").Weight("w", 48, 5).Node("MatMul", "flat w", "y").Output("y").ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        Assert.IsEmpty(network.Layers);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.FindLayer(null)).Message, "no feature layer with a height and a width above 1");
    }

    [TestMethod]
    public void An_unknown_operator_is_named_with_its_node_and_operator_set()
    {
        NetworkLoadException e = Refused(Classifier().Node("Relux", "scores", "z").OnlyOutput("z"), "Relux", "'Relu'", "opset 13");
        Assert.AreEqual(("Relux", "z", 13L), (e.Operator, e.Node, e.OpsetVersion));
    }

    [TestMethod]
    [DataRow("STFT")]
    [DataRow("RandomUniform")]
    [DataRow("RoiAlign")]
    [DataRow("BitCast")]
    [DataRow("MyOperator")]
    public void An_operator_that_is_not_read_is_not_taken_for_another(string operation) =>
        Assert.DoesNotContain("Did you mean", Refused(Classifier().Node(operation, "scores", "z").OnlyOutput("z"), operation, "not supported").Message);

    [TestMethod]
    [DataRow("relu", "Relu")]
    [DataRow("Concatt", "Concat")]
    [DataRow("Sofmax", "Softmax")]
    public void A_slip_in_an_operators_name_is_said(string operation, string meant) =>
        Refused(Classifier().Node(operation, "scores", "z").OnlyOutput("z"), $"Did you mean '{meant}'?");

    [TestMethod]
    public void A_custom_domain_is_named()
    {
        OnnxModelBuilder model = Classifier().Node("FusedConv", "scores", "z").OnlyOutput("z");
        model.Graph.Node[^1].Domain = "com.microsoft";
        Assert.AreEqual("com.microsoft", Refused(model, "'com.microsoft'").Domain);
    }

    [TestMethod]
    [DataRow("If", "control flow")]
    [DataRow("Loop", "control flow")]
    [DataRow("Scan", "control flow")]
    [DataRow("SequenceConstruct", "Sequences are not supported")]
    public void What_is_no_fixed_graph_of_tensors_is_refused(string operation, string reason) =>
        Refused(Classifier().Node(operation, "scores", "z").OnlyOutput("z"), operation, reason);

    [TestMethod]
    [DataRow(6)]
    [DataRow(99)]
    public void An_operator_set_out_of_range_is_refused(int opset) => Refused(Classifier(opset: opset), $"operator set {opset}", "7 to 26");

    [TestMethod]
    public void A_weight_with_too_few_bytes_is_refused()
    {
        OnnxModelBuilder model = Classifier();
        TensorProto kernel = model.Graph.Initializer.Single(weight => weight.Name == "kernel");
        kernel.FloatData.Clear();
        kernel.RawData = ByteString.CopyFrom(new byte[10]);
        Refused(model, "'kernel'", "10 bytes", "needs 432");
    }

    [TestMethod]
    [DataRow(long.MaxValue, 3L)]
    [DataRow(1L << 33, 1L << 33)]
    [DataRow(-4L, 3L)]
    public void A_weight_of_an_impossible_shape_is_refused(long rows, long columns)
    {
        OnnxModelBuilder model = Classifier();
        TensorProto kernel = model.Graph.Initializer.Single(weight => weight.Name == "kernel");
        kernel.Dims[0] = rows;
        kernel.Dims[1] = columns;
        Refused(model, "'kernel'", "shape");
    }

    [TestMethod]
    public void A_value_that_nothing_makes_is_named_with_its_neighbours() =>
        Refused(Classifier().Node("Relu", "skores", "z"), "'skores'", "'scores'");

    [TestMethod]
    public void A_cycle_is_refused() =>
        Refused(Classifier().Node("Add", "scores b", "a").Node("Relu", "a", "b"), "cycle");

    [TestMethod]
    public void Two_values_of_one_name_are_refused() => Refused(Classifier().Node("Relu", "scores", "map"), "'map'", "unique");

    [TestMethod]
    public void Nodes_in_any_order_are_sorted()
    {
        OnnxModelBuilder model = Classifier();
        NodeProto first = model.Graph.Node[0];
        model.Graph.Node.RemoveAt(0);
        model.Graph.Node.Add(first);
        using OnnxNetwork loaded = OnnxNetwork.Load(model.ToBytes(), "shuffled.onnx");
        Assert.AreEqual("map", loaded.DefaultLayer?.Name);
    }

    [TestMethod]
    public void A_node_that_does_not_fit_is_named_with_the_shapes()
    {
        NetworkLoadException e = Refused(
            new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Weight("w", 5, 7).Node("Relu", "image", "map").Node("Flatten", "map", "flat")
                .Node("MatMul", "flat w", "y").Output("y"),
            "MatMul", "'y'", "[1, 192]", "[5, 7]");
        Assert.AreEqual(("MatMul", "y"), (e.Operator, e.Node));
    }

    [TestMethod]
    public void Integer_division_by_zero_is_an_error_and_not_a_crash() =>
        Refused(Classifier().Ints("a", 7).Ints("zero", 0).Node("Div", "a zero", "z").OnlyOutput("z"), "Div", "divided by zero");

    [TestMethod]
    public void A_failed_load_leaves_no_tensor_behind()
    {
        byte[] model = Classifier(batch: 8).ToBytes();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(model, "batch.onnx"));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void An_unknown_layer_suggests_the_nearest()
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(Classifier().ToBytes(), "net.onnx");
        using Tensor image = zeros(1, 3, 8, 8);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => loaded.RunFromLayer(image, "mapp"));
        StringAssert.Contains(e.Message, "Did you mean 'map'");
    }

    [TestMethod]
    public void Images_of_another_size_are_refused()
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(Classifier().ToBytes(), "net.onnx");
        using Tensor image = zeros(1, 3, 9, 8);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => loaded.Logits(image)).Message, "[1, 3, 9, 8]");
    }

    // A graph as the subgraph of an attribute of a node of a graph.
    private static byte[] Nest(byte[] graph) =>
        Field(GraphProto.NodeFieldNumber, Field(NodeProto.AttributeFieldNumber, Field(AttributeProto.GFieldNumber, graph)));

    private static byte[] Field(int number, byte[] content)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
