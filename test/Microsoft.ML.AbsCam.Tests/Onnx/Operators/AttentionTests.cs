using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Attention and positions beside ONNX Runtime and finite differences.</summary>
[TestClass]
public sealed class AttentionTests
{
    [TestMethod]
    [DataRow(0, false)]
    [DataRow(1, false)]
    [DataRow(0, true)]
    public void Heads_of_their_own_agree(int causal, bool masked)
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder(23).Input("x", 2, 2, 4, 3).Weight("k", 2, 2, 5, 3).Weight("v", 2, 2, 5, 6).Weight("m", 4, 5)
            .Node("Attention", masked ? "x k v m" : "x k v", "y", ("is_causal", causal));
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    [TestMethod]
    public void Heads_in_one_axis_and_shared_keys_agree()
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder(23).Input("x", 2, 4, 12).Weight("k", 2, 5, 6).Weight("v", 2, 5, 4)
            .Node("Attention", "x k v", "y", ("q_num_heads", 4), ("kv_num_heads", 2), ("scale", 0.7f), ("softcap", 2f));
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    [TestMethod]
    public void A_mask_of_truth_values_agrees() =>
        OperatorParityTests.Agrees(new OnnxModelBuilder(23).Input("x", 1, 2, 3, 4).Weight("k", 1, 2, 3, 4).Weight("v", 1, 2, 3, 4).Weight("n", [3, 3], 1, 0, 1, 0, 1, 1, 1, 1, 0)
            .Node("Cast", "n", "m", ("to", 9)).Node("Attention", "x k v m", "y"));

    [TestMethod]
    public void The_gradient_reaches_queries_keys_and_values() =>
        FiniteDifferences.Agree(new OnnxModelBuilder(23).Input("x", 1, 2, 3, 4).Input("k", 1, 2, 3, 4).Input("value", 1, 2, 3, 4).Node("Attention", "x k value", "y").Output("y"));

    [TestMethod]
    [DataRow("x k v _ c c", "caches")]
    [DataRow("x k w", "do not fit together")]
    public void Caches_and_what_does_not_fit_are_refused(string inputs, string reason)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(23).Weight("q", 1, 2, 3, 4).Weight("k", 1, 2, 3, 4).Weight("v", 1, 2, 3, 4).Weight("w", 1, 2, 2, 4).Weight("c", 1, 2, 1, 4).Input("i", 1)
            .Node("Attention", inputs.Replace('x', 'q'), "z").Node("Add", "i z", "y").Output("y");
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxGraph.Load(model.ToBytes(), "attention.onnx"));
        StringAssert.Contains(e.Message, reason);
        Assert.AreEqual(("Attention", "z"), (e.Operator, e.Node));
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 0)]
    [DataRow(0, 2)]
    [DataRow(1, 2)]
    public void Rotary_positions_agree(int interleaved, int part)
    {
        int half = part == 0 ? 2 : part / 2;
        OnnxModelBuilder Model() => new OnnxModelBuilder(23).Input("x", 2, 3, 8).Weight("c", 6, half).Weight("s", 6, half).Ints("flat", 0, 1, 2, 5, 4, 0).Ints("shape", 2, 3)
            .Node("Reshape", "flat shape", "p").Node("RotaryEmbedding", "x c s p", "y", ("interleaved", interleaved), ("num_heads", 2), ("rotary_embedding_dim", part));
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
        OnnxModelBuilder Four() => new OnnxModelBuilder(23).Input("x", 2, 2, 3, 4).Weight("c", 2, 3, half).Weight("s", 2, 3, half)
            .Node("RotaryEmbedding", "x c s", "y", ("interleaved", interleaved), ("rotary_embedding_dim", part), ("num_heads", 2));
        OperatorParityTests.Agrees(Four());
    }
}
