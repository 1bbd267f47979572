using Google.Protobuf;
using Microsoft.ML.AbsCam.Baking;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>Baked files that were made wrong at one place: their check fails, and its message names the place.</summary>
[TestClass]
public sealed class FaultPlaceTests
{
    [TestMethod]
    [DataRow("t", "Tanh", "b")]
    [DataRow("p", "AveragePool", "b")]
    [DataRow("l", "LeakyRelu", "t")]
    public void A_gradient_that_was_written_wrong_is_named_with_its_node(string output, string operation, string layer)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Model());
        BakeDraft draft = Bakery.Write((OnnxImageNetwork)network, new BakeOptions { Layer = layer, Method = SaliencyMethod.LayerCam }, judges: false);
        Assert.IsLessThan(1e-4, draft.Run(draft.File)!.Value, "The file as it was written is right.");
        WrittenAdjoint adjoint = draft.Adjoints.Single(one => one.Node.Outputs[0] == output);
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => draft.Run(Changed(draft.File, adjoint.OfInputs[0]!)));
        StringAssert.Contains(refused.Message, $"They part at the gradient of the node '{output}' ({operation})");
        StringAssert.Contains(refused.Message, "Choose a layer behind it");
    }

    [TestMethod]
    public void A_value_that_differs_is_named_with_its_node()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Model());
        BakeDraft draft = Bakery.Write((OnnxImageNetwork)network, new BakeOptions { Layer = "b", Method = SaliencyMethod.GradCam, Target = SaliencyTarget.Class(1) }, judges: false);
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => draft.Run(Changed(draft.File, "t")));
        StringAssert.Contains(refused.Message, "ONNX Runtime and TorchSharp part at the node 't' (Tanh)");
        StringAssert.Contains(refused.Message, "explain with the model itself");
    }

    [TestMethod]
    public void What_is_asked_of_boxes_and_was_written_wrong_is_told_from_the_operators()
    {
        DemoTaskNetwork demo = DemoTaskNetwork.All.Single(one => one.Name == "detector");
        using ImageNetwork network = ImageNetwork.FromOnnx(demo.ReadOnnx());
        BakeDraft draft = Bakery.Write((OnnxImageNetwork)network, new BakeOptions { Method = SaliencyMethod.LayerCam, Labels = demo.Classes }, judges: false);
        string seed = draft.Adjoints[0].OfOutputs.OfType<string>().Single();
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => draft.Run(Changed(draft.File, seed)));
        StringAssert.Contains(refused.Message, "They part at the gradient of what is asked");
    }

    [TestMethod]
    public void Where_every_operator_agrees_the_message_says_so()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Model());
        BakeDraft draft = Bakery.Write((OnnxImageNetwork)network, new BakeOptions { Layer = "b", Method = SaliencyMethod.LayerCam }, judges: false);
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => draft.Run(Changed(draft.File, draft.Told.SaliencyOutput)));
        StringAssert.Contains(refused.Message, "Each operator by itself agrees");
    }

    private static byte[] Model() => new OnnxModelBuilder().Input("image", 0, 3, 12, 12).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b").Node("Tanh", "b", "t")
        .Node("LeakyRelu", "t", "l", ("alpha", 0.2f)).Node("AveragePool", "l", "p", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }))
        .Weight("u", 5, 4, 3, 3).Node("Conv", "p u", "c").Node("GlobalAveragePool", "c", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 5, 3).Node("MatMul", "flat v", "scores")
        .Output("scores", 0, 3).ToBytes();

    // The cosine of a value stands in its place, so that no map is the same after its range is taken off.
    private static byte[] Changed(byte[] file, string value)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        NodeProto maker = model.Graph.Node.Single(node => node.Output.Contains(value));
        maker.Output[maker.Output.IndexOf(value)] = "right";
        var wrong = new NodeProto { OpType = "Cos", Name = "wrong" };
        wrong.Input.Add("right");
        wrong.Output.Add(value);
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(maker) + 1, wrong);
        return model.ToByteArray();
    }
}
