using System.Text;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Runtime;

/// <summary>What ONNX Runtime gets to read of a file.</summary>
[TestClass]
public sealed class RuntimeModelTests
{
    [TestMethod]
    public void Only_the_steps_and_weights_that_the_outputs_need_are_written()
    {
        OnnxModelBuilder model = Classifier();
        model.Weight("unused", 9).Node("Relu", "unused", "nobody");
        model.Model.Functions.Add(new FunctionProto { Name = "own" });
        using OnnxGraph graph = OnnxGraph.Load(model.ToBytes(), "m.onnx");
        ModelProto written = Written(graph, "map");
        Assert.AreEqual("Conv", string.Join(' ', written.Graph.Node.Select(node => node.OpType)));
        Assert.AreEqual("kernel", string.Join(' ', written.Graph.Initializer.Select(weight => weight.Name)));
        Assert.AreEqual("map", written.Graph.Output.Single().Name);
        Assert.AreEqual("batch", written.Graph.Input.Single().Type.TensorType.Shape.Dim[0].DimParam);
        Assert.IsEmpty(written.Functions);
    }

    [TestMethod]
    public void Weights_of_files_beside_the_model_are_inside_and_their_paths_are_not()
    {
        using var folder = new TemporaryFolder();
        OnnxModelBuilder model = Classifier();
        TensorProto weight = model.Graph.Initializer.Single(weight => weight.Name == "kernel");
        byte[] bytes = new byte[weight.FloatData.Count * 4];
        Buffer.BlockCopy(weight.FloatData.ToArray(), 0, bytes, 0, bytes.Length);
        File.WriteAllBytes(Path.Combine(folder.Path, "kernel.bin"), bytes);
        weight.FloatData.Clear();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "kernel.bin" });
        using OnnxGraph graph = OnnxGraph.Load(model.ToBytes(), "m.onnx", folder.Path);
        ModelProto written = Written(graph, "scores");
        Assert.IsTrue(written.Graph.Initializer.All(kept => kept.DataLocation == TensorProto.Types.DataLocation.Default && kept.ExternalData.Count == 0));
        CollectionAssert.AreEqual(bytes, written.Graph.Initializer.Single(kept => kept.Name == "kernel").RawData.ToByteArray());
        Assert.DoesNotContain("kernel.bin", Encoding.Latin1.GetString(written.ToByteArray()));
    }

    [TestMethod]
    public void What_the_import_does_not_look_at_is_left_out()
    {
        OnnxModelBuilder model = Classifier();
        NodeProto node = model.Graph.Node[0];

        // Field 10 holds tensors, which could name files; the import knows no such field.
        byte[] hostile = [.. node.ToByteArray(), .. new AttributeBytes("extra", "../secret").ToArray()];
        model.Graph.Node[0] = NodeProto.Parser.ParseFrom(hostile);
        StringAssert.Contains(Encoding.Latin1.GetString(model.ToBytes()), "../secret");
        using OnnxGraph graph = OnnxGraph.Load(model.ToBytes(), "m.onnx");
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(Written(graph, "scores").ToByteArray()));
    }

    [TestMethod]
    public void A_node_that_carries_a_graph_is_not_handed_on()
    {
        OnnxModelBuilder model = Classifier();
        model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "extra", Type = AttributeProto.Types.AttributeType.Graph, G = new GraphProto() });
        using OnnxGraph graph = OnnxGraph.Load(model.ToBytes(), "m.onnx");
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => Written(graph, "scores")).Message, "carries a graph");
    }

    private static OnnxModelBuilder Classifier() => new OnnxModelBuilder().Input("image", 1, 3, 6, 6).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "map")
        .Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Weight("weights", 4, 5).Node("MatMul", "flat weights", "scores").Output("scores");

    private static ModelProto Written(OnnxGraph graph, string output)
        => ModelProto.Parser.ParseFrom(RuntimeModel.Of(graph, ImageInput.Of(graph, null), [graph.SlotOf(output)]));

    /// <summary>An attribute (field 5 of a node) with a name and a field 10 of text.</summary>
    private sealed class AttributeBytes(string name, string text)
    {
        public byte[] ToArray()
        {
            byte[] inner = [0x0A, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0x52, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
            return [0x2A, (byte)inner.Length, .. inner];
        }
    }
}
