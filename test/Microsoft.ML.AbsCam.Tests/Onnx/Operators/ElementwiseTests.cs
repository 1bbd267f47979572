using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Functions of each number, and norms, beside ONNX Runtime and finite differences.</summary>
[TestClass]
public sealed class ElementwiseTests
{
    [TestMethod]
    [DataRow("Tan")]
    [DataRow("Asin")]
    [DataRow("Acos")]
    [DataRow("Atan")]
    [DataRow("Sinh")]
    [DataRow("Cosh")]
    [DataRow("Asinh")]
    [DataRow("Atanh")]
    [DataRow("Shrink")]
    public void Functions_agree_and_have_their_gradient(string operation)
    {
        OperatorParityTests.Agrees(new OnnxModelBuilder(22).Input("x", 3, 4).Node(operation, "x", "y"));
        FiniteDifferences.Agree(new OnnxModelBuilder(22).Input("x", 3, 4).Weight("h", [], 0.5f).Node("Mul", "x h", "z").Node(operation, "z", "y").Output("y"));
    }

    [TestMethod]
    public void Acosh_agrees_above_one()
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder(22).Input("x", 3, 4).Weight("two", [], 2.5f).Node("Add", "x two", "z").Node("Acosh", "z", "y");
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    [TestMethod]
    public void Shrink_takes_a_bias() => OperatorParityTests.Agrees(new OnnxModelBuilder().Input("x", 3, 4).Node("Shrink", "x", "y", ("bias", 0.2f), ("lambd", 0.3f)));

    // ONNX Runtime has no Swish, but what it is made of.
    [TestMethod]
    [DataRow(1f)]
    [DataRow(1.7f)]
    public void Swish_is_its_sigmoid_times_itself(float alpha)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(24).Input("x", 3, 4).Node("Swish", "x", "y", ("alpha", alpha)).Output("y");
        byte[] spelledOut = new OnnxModelBuilder(13).Input("x", 3, 4).Weight("a", [], alpha).Node("Mul", "x a", "b").Node("Sigmoid", "b", "c").Node("Mul", "x c", "y").Output("y").ToBytesWithoutOutputShapes();
        OperatorParityTests.Agrees(model, spelledOut);
        FiniteDifferences.Agree(model);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    public void IsInf_and_IsNaN_tell_what_they_are_asked(int negative, int positive)
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder(20).Input("x", 6).Weight("z", [6], 0, 1, 0, 0, -1, 2).Weight("o", [6], 0, 0, 1, 0, 0, 0).Node("Div", "z o", "q");
        OperatorParityTests.Agrees(Model().Node("IsInf", "q", "b", ("detect_negative", negative), ("detect_positive", positive)).Node("Cast", "b", "c", ("to", 1)).Node("Mul", "c x", "y"));
        OperatorParityTests.Agrees(Model().Node("IsNaN", "q", "b").Node("Cast", "b", "c", ("to", 1)).Node("Mul", "c x", "y"));
    }

    [TestMethod]
    [DataRow("BitwiseAnd")]
    [DataRow("BitwiseOr")]
    [DataRow("BitwiseXor")]
    public void Bits_of_two_numbers_agree(string operation) =>
        OperatorParityTests.Agrees(Whole().Node(operation, "i j", "k").Node("Cast", "k", "y", ("to", 1)));

    [TestMethod]
    public void Bits_of_one_number_agree() => OperatorParityTests.Agrees(Whole().Node("BitwiseNot", "i", "k").Node("Cast", "k", "y", ("to", 1)));

    [TestMethod]
    public void Bits_are_not_turned_where_the_file_has_unsigned_numbers_in_wider_types()
    {
        OnnxModelBuilder model = Whole().Node("Cast", "i", "u", ("to", 4)).Node("BitwiseNot", "u", "k").Node("Cast", "k", "y", ("to", 1)).Output("y");
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxGraph.Load(model.ToBytes(), "bits.onnx")).Message, "unsigned integers of more than 8 bits");
    }

    [TestMethod]
    [DataRow(11, 1)]
    [DataRow(11, 2)]
    [DataRow(13, -2)]
    public void Hardmax_flattens_before_operator_set_13_only(int opset, int axis) =>
        OperatorParityTests.Agrees(new OnnxModelBuilder(opset).Input("x", 2, 3, 4).Node("Hardmax", "x", "y", ("axis", axis)));

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1)]
    public void RMSNormalization_agrees(int axis)
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder(23).Input("x", 2, 3, 4).Weight("s", axis == 1 ? [3, 4] : [4]).Node("RMSNormalization", "x s", "y", ("axis", axis), ("epsilon", 1e-3f));
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    [TestMethod]
    public void MeanVarianceNormalization_agrees()
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder().Input("x", 2, 3, 4, 5).Node("MeanVarianceNormalization", "x", "y", ("axes", new long[] { 2, 3 }));
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(0)]
    public void OneHot_agrees(int axis) =>
        OperatorParityTests.Agrees(new OnnxModelBuilder().Input("x", 1).Ints("i", 0, -1, 7, 2).Ints("d", 4).Weight("v", [2], -1, 3).Node("OneHot", "i d v", "o", ("axis", axis)).Node("Mul", "o x", "y"));

    [TestMethod]
    [DataRow("CumSum", 0, 0)]
    [DataRow("CumSum", 1, 1)]
    [DataRow("CumProd", 0, 0)]
    [DataRow("CumProd", 1, 0)]
    [DataRow("CumProd", 0, 1)]
    [DataRow("CumProd", 1, 1)]
    public void Running_sums_and_products_agree(string operation, int exclusive, int reverse)
    {
        OnnxModelBuilder Model() => new OnnxModelBuilder(26).Input("x", 3, 4).Ints("a", 1).Node("Squeeze", "a", "axis").Node(operation, "x axis", "y", ("exclusive", exclusive), ("reverse", reverse));
        OperatorParityTests.Agrees(Model());
        FiniteDifferences.Agree(Model().Output("y"));
    }

    private static OnnxModelBuilder Whole() => new OnnxModelBuilder(20).Input("x", 8).Weight("hundred", [], 100).Node("Mul", "x hundred", "s").Node("Cast", "s", "i", ("to", 6))
        .Node("Neg", "i", "n").Ints("three", 3).Node("Cast", "three", "t", ("to", 6)).Node("Add", "n t", "j");
}
