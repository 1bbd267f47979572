using Microsoft.ML.AbsCam.Tests.Support;
using static Microsoft.ML.AbsCam.Tests.Support.RefusedModel;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

/// <summary>Models that would eat the machine are refused before they are given memory.</summary>
[TestClass]
public sealed class OversizedModelTests
{
    [TestMethod]
    public void A_value_larger_than_any_image_needs_is_refused_before_it_is_made() =>
        Refused(
            new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Ints("size", 1 << 20, 1 << 20).Node("ConstantOfShape", "size", "huge")
                .Node("Add", "image huge", "y").Output("y"),
            "ConstantOfShape", "larger than");

    [TestMethod]
    [DataRow("MatMul")]
    [DataRow("Mul")]
    public void Two_vectors_that_make_a_huge_value_are_refused_before_it_is_made(string operation) =>
        Refused(
            new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Ints("size", 1 << 15, 1).Node("ConstantOfShape", "size", "column").Ints("other", 1, 1 << 15)
                .Node("ConstantOfShape", "other", "row").Node(operation, "column row", "square").Node("Add", "image square", "y").Output("y"),
            operation, "larger than");

    [TestMethod]
    public void A_value_that_is_doubled_again_and_again_is_refused_before_it_is_too_large()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Weight("v0", 1 << 10);
        for (int i = 0; i < 40; i++)
        {
            model.Node("Concat", $"v{i} v{i} v{i} v{i}", $"v{i + 1}", ("axis", 0));
        }

        Refused(model.Node("Add", "image v40", "y").Output("y"), "Concat", "larger than");
    }

    [TestMethod]
    public void A_product_of_a_column_and_a_row_is_refused_before_it_is_made() =>
        Refused(
            new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Weight("column", 1 << 15, 1).Weight("row", 1 << 15, 1)
                .Node("Gemm", "column row", "square", ("transB", 1)).Node("Add", "image square", "y").Output("y"),
            "Gemm", "[32768, 32768]", "larger than");

    [TestMethod]
    public void An_image_larger_than_any_is_refused_before_it_is_made()
    {
        OnnxModelBuilder model = Classifier();
        model.Graph.Input[0].Type.TensorType.Shape.Dim[3].DimValue = 1 << 28;
        Refused(model, "[3, 8, 268435456]");
    }
}
