using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Networks.Onnx.Cascade;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Cascade;

[TestClass]
public sealed class OnnxCascadeTests
{
    private static readonly string[] TinyLayers = ["scores", "before"];

    [TestMethod]
    public void Layers_come_from_the_scores_down()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();

        CollectionAssert.AreEqual(TinyLayers, network.Cascade().Layers.ToArray());
    }

    [TestMethod]
    public void Upper_layers_change_and_lower_ones_and_the_trained_network_stay()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        (float[] map, float[] scores) = Run(network);
        for (int drawn = 0; drawn <= 2; drawn++)
        {
            using RandomisedNetwork randomised = network.Cascade().Randomise(drawn, seed: 3);
            (float[] drawnMap, float[] drawnScores) = Run(randomised.Network);
            Assert.AreEqual(drawn < 2, map.SequenceEqual(drawnMap), $"{drawn} layers: the map");
            Assert.AreEqual(drawn < 1, scores.SequenceEqual(drawnScores), $"{drawn} layers: the scores");
        }

        CollectionAssert.AreEqual(scores, Run(network).Scores);
    }

    [TestMethod]
    public void One_seed_always_draws_the_same_and_deeper_stages_keep_what_was_drawn()
    {
        Dictionary<string, float[]> upper = Drawn(Sorts(), 1, seed: 5);
        Dictionary<string, float[]> all = Drawn(Sorts(), 2, seed: 5);
        Dictionary<string, float[]> other = Drawn(Sorts(), 2, seed: 6);

        CollectionAssert.AreEqual(upper["weights"], all["weights"]);
        CollectionAssert.AreEqual(all["kernels"], Drawn(Sorts(), 2, seed: 5)["kernels"]);
        CollectionAssert.AreNotEqual(all["kernels"], other["kernels"]);
    }

    [TestMethod]
    public void Weights_behind_a_transpose_and_added_biases_are_drawn_and_norms_begin_anew()
    {
        Dictionary<string, float[]> trained = Drawn(Sorts(), 0, seed: 1);
        Dictionary<string, float[]> drawn = Drawn(Sorts(), 2, seed: 1);

        foreach (string name in (string[])["kernels", "weights", "bias"])
        {
            Assert.IsFalse(trained[name].Zip(drawn[name], (a, b) => a == b).Any(same => same), name);
        }

        CollectionAssert.AreEqual(new float[] { 1, 1, 1, 1 }, drawn["scale"]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0 }, drawn["shift"]);
        CollectionAssert.AreEqual(trained["mean"], drawn["mean"]);
        CollectionAssert.AreEqual(trained["variance"], drawn["variance"]);
    }

    [TestMethod]
    public void A_norm_begins_anew_with_the_layer_before_it()
    {
        CollectionAssert.AreEqual(Drawn(Sorts(), 0, seed: 1)["scale"], Drawn(Sorts(), 1, seed: 1)["scale"]);
    }

    [TestMethod]
    public void Weights_that_layers_share_are_drawn_once_with_the_upper_one()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("input", 0, 3, 4, 4).Weight("shared", 3, 3, 1, 1)
            .Node("Conv", "input shared", "first").Node("Conv", "first shared", "second").Node("GlobalAveragePool", "second", "scores").Output("scores", 0, 3, 1, 1);

        Assert.AreEqual("second", Cascade(model, _ => { }).Layers.Single());
    }

    [TestMethod]
    public void Half_width_weights_stay_half_width()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("input", 0, 3, 4, 4).Weight("wide", 3, 3, 1, 1)
            .Node("Cast", "narrow", "kernels", ("to", 1)).Node("Conv", "input kernels", "map").Node("GlobalAveragePool", "map", "scores").Output("scores", 0, 3, 1, 1);
        TensorProto weight = model.Graph.Initializer[0];
        Half[] halves = [.. weight.FloatData.Select(value => (Half)value)];
        (weight.Name, weight.DataType, weight.RawData) = ("narrow", 10, Google.Protobuf.ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(halves)));
        weight.FloatData.Clear();
        TensorProto? drawn = null;
        using (Cascade(model, file => drawn = file.Graph.Initializer[0]).Randomise(1, 1))
        {
            Assert.AreEqual(10, drawn!.DataType);
            CollectionAssert.AreNotEqual(halves, MemoryMarshal.Cast<byte, Half>(drawn.RawData.Span).ToArray());
            Assert.HasCount(halves.Length * 2, drawn.RawData.ToByteArray());
        }
    }

    [TestMethod]
    public void Quantised_weights_are_refused_by_name()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("input", 0, 3, 4, 4).Weight("scale", [], 0.5f)
            .Node("DequantizeLinear", "narrow scale", "kernels").Node("Conv", "input kernels", "map").Node("GlobalAveragePool", "map", "scores").Output("scores", 0, 3, 1, 1);
        TensorProto weight = new() { Name = "narrow", DataType = 3, RawData = Google.Protobuf.ByteString.CopyFrom([1, 2, 3, 4, 5, 6, 7, 8, 9]) };
        weight.Dims.AddRange([3, 3, 1, 1]);
        model.Graph.Initializer.Add(weight);
        string message = Assert.ThrowsExactly<NotSupportedException>(() => Cascade(model, _ => { })).Message;

        StringAssert.Contains(message, "node 'map' (Conv)");
        StringAssert.Contains(message, "int8");
    }

    /// <summary>Convolution and norm, then a product with transposed weights and an added bias.</summary>
    private static OnnxModelBuilder Sorts() => new OnnxModelBuilder().Input("input", 0, 3, 8, 8)
        .Weight("kernels", 4, 3, 3, 3).Weight("scale", 4).Weight("shift", 4).Weight("mean", 4).Weight("variance", [4], 1, 2, 3, 4)
        .Weight("weights", 5, 4).Weight("bias", 5)
        .Node("Conv", "input kernels", "before").Node("BatchNormalization", "before scale shift mean variance", "normal").Node("Relu", "normal", "map")
        .Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat")
        .Node("Transpose", "weights", "turned", ("perm", new long[] { 1, 0 })).Node("MatMul", "flat turned", "product").Node("Add", "product bias", "scores")
        .Output("scores", 0, 5);

    private static Dictionary<string, float[]> Drawn(OnnxModelBuilder model, int layers, int seed)
    {
        Dictionary<string, float[]> weights = [];
        OnnxCascade cascade = Cascade(model, file =>
        {
            foreach (TensorProto weight in file.Graph.Initializer)
            {
                weights[weight.Name] = weight.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray() : [.. weight.FloatData];
            }
        });
        using RandomisedNetwork randomised = cascade.Randomise(layers, seed);
        Assert.AreEqual(5, randomised.Network.Shape.ClassCount);
        return weights;
    }

    private static OnnxCascade Cascade(OnnxModelBuilder model, Action<ModelProto> see)
    {
        byte[] bytes = model.ToBytes();
        using OnnxNetwork network = OnnxNetwork.Load(bytes, "test.onnx");
        return new OnnxCascade(bytes, "test.onnx", network.Running, drawn =>
        {
            see(ModelProto.Parser.ParseFrom(drawn.Span));
            return ImageNetwork.FromOnnx(drawn);
        });
    }

    private static (float[] Map, float[] Scores) Run(ImageNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        LayerPass pass = network.RunFromLayer(tensor(TinyNetwork.Image(1), [1, 3, TinyNetwork.Side, TinyNetwork.Side]), TinyNetwork.Layer, CPU);
        return (pass.Activation.Floats(), pass.Logits.Floats());
    }
}
