using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using SkiaSharp;

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
        using var bitmap = scene.ToBitmap();
        var input = new DenseTensor<float>([1, 3, size, size]);
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var colour = Shrunk(bitmap, x, y, bitmap.Width / (float)size);
                for (var channel = 0; channel < 3; channel++)
                {
                    input[0, channel, y, x] = ((colour[channel] / 255) - DemoNetwork.Mean[channel]) / DemoNetwork.Std[channel];
                }
            }
        }

        return input;
    }

    private static float[] Shrunk(SKBitmap bitmap, int x, int y, float scale)
    {
        var (centreX, centreY) = ((x + 0.5f) * scale, (y + 0.5f) * scale);
        var (sum, total) = (new float[3], 0f);
        for (var row = (int)Math.Max(0, centreY - scale); row < Math.Min(bitmap.Height, centreY + scale); row++)
        {
            for (var column = (int)Math.Max(0, centreX - scale); column < Math.Min(bitmap.Width, centreX + scale); column++)
            {
                var weight = Math.Max(0, 1 - (Math.Abs(column + 0.5f - centreX) / scale)) * Math.Max(0, 1 - (Math.Abs(row + 0.5f - centreY) / scale));
                var pixel = bitmap.GetPixel(column, row);
                (sum[0], sum[1], sum[2], total) = (sum[0] + (weight * pixel.Red), sum[1] + (weight * pixel.Green), sum[2] + (weight * pixel.Blue), total + weight);
            }
        }

        return Array.ConvertAll(sum, value => value / total);
    }
}
