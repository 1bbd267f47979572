using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>Boxes where a detector sees nothing.</summary>
[TestClass]
public sealed class EmptyGroundTests
{
    [TestMethod]
    [DataRow(0.009, "TargetNotFound", DisplayName = "nothing is detected there")]
    [DataRow(0.011, "Ok", DisplayName = "something is, though hardly")]
    public void A_box_of_empty_ground_is_no_detection(double confidence, string expected)
    {
        // Boxes from 1, 1 to 3, 3 whose confidence does not hang on the image, but for a hair.
        byte[] model = new OnnxModelBuilder().Input("input", 0, 3, 8, 8).Weight("kernels", [1, 3, 3, 3], [.. Enumerable.Repeat(0.01f, 27)]).Weight("where", [1, 4, 9], [.. Enumerable.Range(0, 36).Select(i => i < 18 ? 1f : 3f)])
            .Weight("score", [1], (float)Math.Log(confidence / (1 - confidence))).Weight("hair", [1], 1e-4f).Weight("all", [1, 2, 9], [.. Enumerable.Repeat(1f, 18)]).Weight("none", [1], 0)
            .Node("Conv", "input kernels", "before", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "before", "map").Node("GlobalAveragePool", "map", "mean").Ints("row", 0, 1, 1).Node("Reshape", "mean row", "line")
            .Node("Mul", "line hair", "little").Node("Add", "little score", "logit").Node("Mul", "logit all", "logits").Node("Sigmoid", "logits", "scores")
            .Node("Mul", "line none", "zero").Node("Add", "zero where", "boxes").Node("Concat", "boxes scores", "detections", ("axis", 1)).Output("detections", 0, 6, 9).ToBytes();
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        IDataView view = TinyNetwork.View(context, 1);
        foreach ((SaliencyTarget target, bool isPlaced) in ((SaliencyTarget, bool)[])[(SaliencyTarget.Box(), false), (SaliencyTarget.Box(1, 1, 2, 2), true), (SaliencyTarget.Box(1, 1, 2, 2, SaliencyTarget.Class(1)), true)])
        {
            AbsCamOptions options = new() { Target = target, Method = SaliencyMethod.LayerCam, Columns = new() { Status = "Status", Probability = "P" } };
            IDataView explained = context.Transforms.AbsCam(Explained.Map, "Input", network, options).Fit(view).Transform(view);
            Assert.AreEqual(confidence, explained.GetColumn<float>("P").Single(), 1e-4);
            Assert.AreEqual(isPlaced ? expected : "Ok", explained.GetColumn<string>("Status").Single(), target.ToString());
        }
    }
}
