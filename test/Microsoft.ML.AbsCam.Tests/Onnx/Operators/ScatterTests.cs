using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Scattered writes beside ONNX Runtime and finite differences.</summary>
[TestClass]
public sealed class ScatterTests
{
    [TestMethod]
    [DataRow("none", 1)]
    [DataRow("none", 3)]
    [DataRow("add", 3)]
    [DataRow("mul", 3)]
    [DataRow("max", 3)]
    [DataRow("min", 3)]
    public void ScatterElements_brings_updates_of_one_place_together(string reduction, int times)
    {
        OnnxModelBuilder model = Elements(reduction, times);
        OperatorParityTests.Agrees(model, reduction);
        FiniteDifferences.Agree(Elements(reduction, times).Output("y"));
    }

    [TestMethod]
    [DataRow("none", 1)]
    [DataRow("none", 5)]
    [DataRow("add", 5)]
    [DataRow("mul", 5)]
    [DataRow("max", 5)]
    [DataRow("min", 5)]
    public void ScatterND_brings_updates_of_one_place_together(string reduction, int times)
    {
        OperatorParityTests.Agrees(Tuples(reduction, times), reduction);
        FiniteDifferences.Agree(Tuples(reduction, times).Output("y"));
    }

    [TestMethod]
    public void Updates_have_a_gradient_too()
    {
        FiniteDifferences.Agree(new OnnxModelBuilder(18).Input("x", 2, 4, 3).Input("u", 3, 3).Ints("flat", 0, 1, 1, -1, 0, 1).Ints("shape", 3, 2)
            .Node("Reshape", "flat shape", "i").Node("ScatterND", "x i u", "y", ("reduction", "mul")).Output("y"));
        FiniteDifferences.Agree(new OnnxModelBuilder(18).Input("x", 4).Input("u", 5).Ints("i", 0, 1, 1, -1, 1).Node("ScatterElements", "x i u", "y", ("reduction", "max")).Output("y"));
    }

    [TestMethod]
    public void Scatter_is_the_old_name() =>
        OperatorParityTests.Agrees(new OnnxModelBuilder(10).Input("x", 3, 4).Ints("flat", 2, 0, 1, 0).Ints("shape", 2, 2).Node("Reshape", "flat shape", "i")
            .Weight("u", 2, 2).Node("Scatter", "x i u", "y", ("axis", 0)));

    [TestMethod]
    [DataRow("ScatterElements", "4 0", "2", "an index is outside an axis of 4")]
    [DataRow("ScatterElements", "0 1", "3", "expected [2]")]
    [DataRow("ScatterElements", "0 1 2 3 4", "5", "an index is outside")]
    [DataRow("ScatterND", "0 1", "2", "have 2 numbers each; expected 1 to 1")]
    public void Wrong_indices_and_updates_are_named(string operation, string indices, string updates, string reason)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(18).Weight("d", 4).Ints("i", [.. indices.Split(' ').Select(long.Parse)]).Weight("u", long.Parse(updates)).Input("x", 4)
            .Node(operation, "d i u", "z").Node("Add", "x z", "y").Output("y");
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => Microsoft.ML.AbsCam.Onnx.Graphs.OnnxGraph.Load(model.ToBytes(), "scatter.onnx"));
        StringAssert.Contains(e.Message, reason);
        Assert.AreEqual((operation, "z"), (e.Operator, e.Node));
    }

    // Every place of an axis, so often.
    private static OnnxModelBuilder Elements(string reduction, int times) =>
        new OnnxModelBuilder(18).Input("x", 3, 4).Ints("flat", [.. Enumerable.Range(0, 3 * times).Select(i => (long)(((i * 7) % times) - (i % 2 == 0 ? 0 : 4)) % 4)]).Ints("shape", 3, times)
            .Node("Reshape", "flat shape", "i").Weight("u", 3, times).Node("ScatterElements", "x i u", "y", ("axis", 1), ("reduction", reduction));

    private static OnnxModelBuilder Tuples(string reduction, int times) =>
        new OnnxModelBuilder(18).Input("x", 3, 4, 2).Ints("flat", [.. Enumerable.Range(0, times).SelectMany(i => (long[])[i % 2, -1 - (i % 3 == 0 ? 0 : 1)])]).Ints("shape", times, 2)
            .Node("Reshape", "flat shape", "i").Weight("u", times, 2).Node("ScatterND", "x i u", "y", ("reduction", reduction));
}
