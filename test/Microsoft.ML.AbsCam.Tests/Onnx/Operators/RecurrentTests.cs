using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Recurrent layers beside ONNX Runtime and finite differences.</summary>
[TestClass]
public sealed class RecurrentTests
{
    private const int Hidden = 3;

    public static IEnumerable<object[]> Kinds() =>
        from operation in (string[])["RNN", "GRU", "LSTM"]
        from direction in (string[])["forward", "reverse", "bidirectional"]
        select new object[] { operation, direction };

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void All_outputs_agree(string operation, string direction)
    {
        foreach (string output in operation == "LSTM" ? (string[])["all", "state", "memory"] : ["all", "state"])
        {
            OperatorParityTests.Agrees(Layer(operation, direction).Node("Identity", output, "y"), $"{direction} {output}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Sequences_that_end_early_agree(string operation, string direction)
    {
        foreach (string output in (string[])["all", "state"])
        {
            OperatorParityTests.Agrees(Layer(operation, direction, lengths: true).Node("Identity", output, "y"), $"{direction} {output}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void The_gradient_reaches_the_sequence_and_the_weights(string operation, string direction)
    {
        FiniteDifferences.Agree(Layer(operation, direction).Node("Identity", "all", "y").Output("y"));
        int gates = Gates(operation);
        FiniteDifferences.Agree(new OnnxModelBuilder(22).Input("x", 3, 1, 2).Input("w", 1, gates * 2, 2).Input("r", 1, gates * 2, 2).Input("bias", 1, gates * 4)
            .Node(operation, "x w r bias", "y", ("hidden_size", 2)).Output("y"));
    }

    [TestMethod]
    [DataRow("GRU", "linear_before_reset")]
    [DataRow("LSTM", "input_forget")]
    public void Variants_agree(string operation, string attribute)
    {
        OnnxModelBuilder Model() => Layer(operation, "forward", attributes: (attribute, 1)).Node("Identity", "all", "y");
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Other_activations_and_clips_agree(string operation, string direction)
    {
        string[] usual = operation switch { "RNN" => ["Relu"], "GRU" => ["Sigmoid", "Relu"], _ => ["Sigmoid", "Relu", "Tanh"] };
        string[] activations = direction == "bidirectional" ? [.. usual, .. usual] : usual;
        OperatorParityTests.Agrees(Layer(operation, direction, attributes: [("activations", activations), ("clip", 0.3f)]).Node("Identity", "all", "y"));
    }

    [TestMethod]
    public void What_does_not_fit_is_named()
    {
        Refused(new OnnxModelBuilder(22).Weight("s", 4, 2, 5).Weight("w", 1, 12, 4).Weight("r", 1, 12, 3), "do not fit together");
        Refused(new OnnxModelBuilder(22).Weight("s", 4, 10).Weight("w", 1, 12, 5).Weight("r", 1, 12, 3), "do not fit together");
        Refused(new OnnxModelBuilder(22).Weight("s", 4, 2, 5).Weight("w", 1, 12, 5).Weight("r", 1, 12, 3), "expected Sigmoid, Tanh or Relu", ("activations", (string[])["Sigmoid", "Affine", "Tanh"]));
    }

    private static void Refused(OnnxModelBuilder model, string reason, params (string, object)[] attributes)
    {
        model.Input("x", 1).Node("LSTM", "s w r", "z", attributes).Node("Add", "x z", "y").Output("y");
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxGraph.Load(model.ToBytes(), "recurrent.onnx"));
        StringAssert.Contains(e.Message, reason);
        Assert.AreEqual(("LSTM", "z"), (e.Operator, e.Node));
    }

    private static int Gates(string operation) => operation switch { "RNN" => 1, "GRU" => 3, _ => 4 };

    // Five steps of two sequences, with everything that the layer can be given.
    private static OnnxModelBuilder Layer(string operation, string direction, bool lengths = false, params (string, object)[] attributes)
    {
        int gates = Gates(operation);
        int directions = direction == "bidirectional" ? 2 : 1;
        OnnxModelBuilder model = new OnnxModelBuilder(22).Input("x", 5, 2, 4).Weight("w", directions, gates * Hidden, 4).Weight("r", directions, gates * Hidden, Hidden)
            .Weight("bias", directions, 2 * gates * Hidden).Weight("h", directions, 2, Hidden);
        string ends = "_";
        if (lengths)
        {
            model.Ints("long", 5, 3).Node("Cast", "long", "ends", ("to", 6));
            ends = "ends";
        }

        string inputs = $"x w r bias {ends} h";
        if (operation == "LSTM")
        {
            model.Weight("c", directions, 2, Hidden).Weight("p", directions, 3 * Hidden);
            inputs += " c p";
        }

        return model.Node(operation, inputs, operation == "LSTM" ? "all state memory" : "all state", [("hidden_size", Hidden), ("direction", direction), .. attributes]);
    }
}
