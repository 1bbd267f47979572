using Microsoft.ML.AbsCam.Onnx.Messages;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Messages;

[TestClass]
public sealed class NearNamesTests
{
    [TestMethod]
    [DataRow("", "", 0)]
    [DataRow("relu", "RELU", 0)]
    [DataRow("kitten", "sitting", 3)]
    [DataRow("", "abc", 3)]
    public void Distance_counts_the_letters_to_change(string left, string right, int distance)
    {
        Assert.AreEqual(distance, NearNames.Distance(left, right));
        Assert.AreEqual(distance, NearNames.Distance(right, left));
    }

    [TestMethod]
    public void The_nearest_come_first_and_strangers_not_at_all() =>
        Assert.AreEqual("layer3 layer4", string.Join(" ", NearNames.Of("layr3", ["features", "layer4", "layer3"])));

    [TestMethod]
    public void A_name_that_contains_what_was_asked_for_is_near() =>
        Assert.AreEqual(" Did you mean '/layer3/Add_output_0'?", NearNames.Hint("layer3", ["/layer3/Add_output_0", "input"]));

    [TestMethod]
    public void Where_nothing_is_near_nothing_is_said() => Assert.AreEqual("", NearNames.Hint("conv", ["xyz", "pooled"]));
}
