using Microsoft.ML.AbsCam.Demo;
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
        const int Count = 200;
        // Training printed 97 % and more; 95 % leaves room for another machine's rounding in drawing and shrinking.
        const double Least = 0.95;
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(DemoNetwork.ReadOnnx(), options);

        var right = 0;
        foreach (var scene in DemoScenes.HeldOut(Count))
        {
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", Preprocess(scene))]);
            var logits = results[0].AsEnumerable<float>().ToArray();
            right += Array.IndexOf(logits, logits.Max()) == scene.ClassIndex ? 1 : 0;
        }

        Assert.IsGreaterThanOrEqualTo(Least, right / (double)Count);
    }

    private static DenseTensor<float> Preprocess(DemoScene scene)
    {
        var size = DemoNetwork.InputSize;
        var input = new DenseTensor<float>([1, 3, size, size]);
        var columns = Taps(scene.Width, size);
        var rows = Taps(scene.Height, size);
        var pixels = scene.Pixels.Span;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                Span<float> colour = [0, 0, 0];
                foreach (var (row, down) in rows[y])
                {
                    foreach (var (column, across) in columns[x])
                    {
                        for (var channel = 0; channel < 3; channel++)
                        {
                            colour[channel] += down * across * pixels[(((row * scene.Width) + column) * 4) + channel];
                        }
                    }
                }

                for (var channel = 0; channel < 3; channel++)
                {
                    input[0, channel, y, x] = ((colour[channel] / 255) - DemoNetwork.Mean[channel]) / DemoNetwork.Std[channel];
                }
            }
        }

        return input;
    }

    private static (int Index, float Weight)[][] Taps(int from, int to)
    {
        var scale = from / (float)to;
        return [.. Enumerable.Range(0, to).Select(i =>
        {
            var centre = (i + 0.5f) * scale;
            var near = Enumerable.Range(0, from)
                .Select(j => (Index: j, Weight: Math.Max(0, 1 - (Math.Abs(j + 0.5f - centre) / scale))))
                .Where(tap => tap.Weight > 0)
                .ToArray();
            var sum = near.Sum(tap => tap.Weight);
            return Array.ConvertAll(near, tap => (tap.Index, tap.Weight / sum));
        })];
    }
}
