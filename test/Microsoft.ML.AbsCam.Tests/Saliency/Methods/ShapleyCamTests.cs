using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>ShapleyCAM against its formula: gradients by hand, and what they change by along the activations by differences of them.</summary>
[TestClass]
public sealed class ShapleyCamTests
{
    private const int Target = 1;
    private const double Step = 1e-4;
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void A_channel_weighs_its_mean_gradient_less_half_of_what_that_changes_by_along_the_activations()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Squared());
        MethodRun run = MethodRun.Of(SaliencyMethod.ShapleyCam, network, Target, ["map"]);
        MethodRun gradCam = MethodRun.Of(SaliencyMethod.GradCam, network, Target, ["map"]);
        for (int row = 0; row < MethodRun.Images; row++)
        {
            double[][] maps = TinyLoops.Maps(TinyNetwork.Signed, [.. TinyNetwork.Image(row).Select(value => (double)value)]);
            double[] at = Means(maps, 1);
            double[] more = Means(maps, 1 + Step);
            double[] less = Means(maps, 1 - Step);
            double[] sum = new double[TinyLoops.Layer];
            for (int k = 0; k < maps.Length; k++)
            {
                double weight = at[k] - ((more[k] - less[k]) / (2 * Step) / 2);
                for (int place = 0; place < sum.Length; place++)
                {
                    sum[place] += weight * maps[k][place];
                }
            }

            Close.AreClose(BruteForceMethods.Finish(sum), run.Maps[row], Tolerance, $"row {row}");
            Assert.IsGreaterThan(0.01, run.Maps[row].Zip(gradCam.Maps[row], (one, other) => Math.Abs(one - other)).Max(), "Grad-CAM's map is another.");
            Assert.AreEqual(1, run.Forwards[row]);
        }
    }

    [TestMethod]
    public void Behind_a_layer_that_is_read_linearly_it_is_Grad_CAM() => IsGradCam(TinyNetwork.Rectified.ToOnnx(), TinyNetwork.Layer);

    [TestMethod]
    public void Before_a_norm_of_channels_too_as_the_gradient_there_falls_as_the_activations_grow() => IsGradCam(NormedNetwork.OfChannels(), NormedNetwork.Before);

    [TestMethod]
    public void A_module_s_map_is_that_of_the_ONNX_file()
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open();
        float[][] expected = MethodRun.Of(SaliencyMethod.ShapleyCam, TinyNetwork.Rectified, Target).Maps;
        float[][] actual = MethodRun.Of(SaliencyMethod.ShapleyCam, network, Target).Maps;
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], actual[row], Explained.Tolerance, $"row {row}");
        }
    }

    private static void IsGradCam(byte[] model, string layer)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        float[][] expected = MethodRun.Of(SaliencyMethod.GradCam, network, Target, [layer]).Maps;
        float[][] actual = MethodRun.Of(SaliencyMethod.ShapleyCam, network, Target, [layer]).Maps;
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], actual[row], Tolerance, $"row {row}");
        }
    }

    // y is the sum of w_k m_k^2, m_k the mean of the sigmoid: places of a map and of a channel depend on each other.
    private static byte[] Squared() => new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
        .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Signed.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Signed.Bias)
        .Weight("weights", [TinyNetwork.Channels, TinyNetwork.Classes], NormedNetwork.Weights)
        .Node("Conv", "input kernels bias", "map", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }))
        .Node("Sigmoid", "map", "bent").Node("GlobalAveragePool", "bent", "pooled").Node("Mul", "pooled pooled", "squares").Node("Flatten", "squares", "flat").Node("Gemm", "flat weights", "scores")
        .Output("scores", 0, TinyNetwork.Classes).ToBytes();

    // The mean over places of the gradient of the target's score, at maps times a number.
    private static double[] Means(double[][] maps, double times) =>
    [
        .. maps.Select((map, k) =>
        {
            double[] bent = [.. map.Select(value => 1 / (1 + Math.Exp(-times * value)))];
            return NormedNetwork.Weights[(k * TinyNetwork.Classes) + Target] * 2 * bent.Average() * bent.Select(value => value * (1 - value) / map.Length).Average();
        }),
    ];
}
