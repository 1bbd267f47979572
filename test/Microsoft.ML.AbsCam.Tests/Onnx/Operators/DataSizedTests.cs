using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Operators whose output is as large as their inputs' numbers say.</summary>
[TestClass]
public sealed class DataSizedTests
{
    [TestMethod]
    public void NonZero_of_a_shape_is_read() =>
        OperatorParityTests.Agrees(new OnnxModelBuilder().Input("x", 2, 3).Node("Shape", "x", "s").Node("ConstantOfShape", "s", "o").Weight("one", [], 1).Node("Add", "o one", "a")
            .Node("NonZero", "a", "n").Node("Cast", "n", "c", ("to", 1)).Node("Transpose", "c", "y"));

    [TestMethod]
    public void NonZero_of_one_number_agrees() =>
        OperatorParityTests.Agrees(new OnnxModelBuilder().Input("x", 1).Weight("one", [], 1).Node("NonZero", "one", "n").Node("Cast", "n", "c", ("to", 1)).Node("Add", "x c", "y"));

    [TestMethod]
    [DataRow("NonZero", "x")]
    [DataRow("Unique", "x")]
    [DataRow("Compress", "w b")]
    public void What_depends_on_the_image_is_refused_with_the_remedy(string operation, string inputs)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("x", 4).Weight("w", 4).Node("Cast", "x", "b", ("to", 9)).Node(operation, inputs, "z").Output("z");
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxGraph.Load(model.ToBytes(), "sized.onnx"));
        StringAssert.Contains(e.Message, "depends on the numbers of the image");
        StringAssert.Contains(e.Message, "Take the step out of the model");
        Assert.AreEqual((operation, "z"), (e.Operator, e.Node));
    }

    [TestMethod]
    public void Compress_of_the_image_by_a_known_condition_is_read() =>
        OperatorParityTests.Agrees(new OnnxModelBuilder().Input("x", 3, 4).Ints("c", 0, 1, 1).Node("Cast", "c", "b", ("to", 9)).Node("Compress", "x b", "y", ("axis", 0)));

    [TestMethod]
    [DataRow(0, -1)]
    [DataRow(1, -1)]
    [DataRow(0, 1)]
    [DataRow(1, 1)]
    public void Unique_agrees_in_all_its_outputs(int sorted, int axis)
    {
        (string, object)[] along = axis < 0 ? [] : [("axis", axis)];
        foreach (string output in new[] { "u", "f", "i", "c" })
        {
            OperatorParityTests.Agrees(
                new OnnxModelBuilder().Input("x", 1).Weight("w", [2, 5], 3, 1, 3, 2, 1, 0.5f, 7, 0.5f, -1, 7).Node("Unique", "w", "u f i c", [("sorted", sorted), .. along])
                    .Node("Cast", output, "r", ("to", 1)).Node("Add", "r x", "y"),
                output);
        }
    }
}
