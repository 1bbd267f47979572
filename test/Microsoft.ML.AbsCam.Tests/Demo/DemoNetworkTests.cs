using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Demo;

[TestClass]
public sealed class DemoNetworkTests
{
    private const int Megabyte = 1_000_000;

    [TestMethod]
    public void The_network_is_small_enough_to_embed()
    {
        Assert.IsLessThan(Megabyte, DemoNetwork.ReadOnnx().Length);
    }

    [TestMethod]
    public void Its_input_and_output_are_what_the_class_says()
    {
        using var session = new InferenceSession(DemoNetwork.ReadOnnx());

        CollectionAssert.AreEqual(new[] { -1, 3, DemoNetwork.InputSize, DemoNetwork.InputSize }, session.InputMetadata["input"].Dimensions);
        CollectionAssert.AreEqual(new[] { -1, DemoNetwork.Classes.Count }, session.OutputMetadata["logits"].Dimensions);
        Assert.AreEqual("batch", session.InputMetadata["input"].SymbolicDimensions[0]);
    }

    [TestMethod]
    public void Held_out_scenes_are_classified_right()
    {
        int count = Sweep.Of(60, 200);

        // Training printed 97 % and more; 95 % leaves room for another machine's rounding in drawing and shrinking.
        const double Least = 0.95;
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(DemoNetwork.ReadOnnx(), options);

        int[] shape = [1, 3, DemoNetwork.InputSize, DemoNetwork.InputSize];
        var right = 0;
        foreach (var scene in DemoScenes.HeldOut(count))
        {
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(DemoInput.Of(scene.Pixels.Span, scene.Width), shape))]);
            var logits = results[0].AsEnumerable<float>().ToArray();
            right += Array.IndexOf(logits, logits.Max()) == scene.ClassIndex ? 1 : 0;
        }

        Assert.IsGreaterThanOrEqualTo(Least, right / (double)count);
    }
}
