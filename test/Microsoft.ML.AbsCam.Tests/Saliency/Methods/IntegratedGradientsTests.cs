using Microsoft.ML.AbsCam.Saliency.Methods;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>Integrated gradients against their formula in plain loops, and by what they add up to.</summary>
[TestClass]
public sealed class IntegratedGradientsTests
{
    private const double Tolerance = 1e-4;

    // Of y(X) - y(X'): what so many midpoints may leave of the integral.
    private const double Incompleteness = 0.03;
    private const int ManySteps = 128;

    [TestMethod]
    [DataRow("integrated-gradients(blur=0)", 64, 0.0)]
    [DataRow("integrated-gradients(steps=5,baseline=-0.5,blur=0)", 5, -0.5)]
    public void A_pixel_has_its_way_times_the_mean_gradient_on_it(string name, int steps, double baseline)
    {
        foreach (TinyNetwork network in (TinyNetwork[])[TinyNetwork.Rectified, TinyNetwork.Signed])
        {
            MethodRun run = MethodRun.Of(SaliencyMethod.Parse(name), network, 1);
            for (int row = 0; row < MethodRun.Images; row++)
            {
                double[] expected = Expected(network, TinyNetwork.Image(row), 1, steps, baseline);
                Close.AreClose([.. Normalized([.. expected.Select(value => Math.Max(value, 0))]).Select(value => (float)value)], run.Maps[row], Tolerance, $"row {row}");
                Assert.AreEqual(1 + steps, run.Forwards[row]);
            }
        }
    }

    [TestMethod]
    public void The_blur_is_a_Gaussian_whose_image_goes_on_as_in_a_mirror()
    {
        // A sigma of 2 pixels, 6 to either side.
        MethodRun run = MethodRun.Of(SaliencyMethod.IntegratedGradientsWith(steps: 2, blur: 0.25), TinyNetwork.Rectified, 1);
        double[] sharp = Expected(TinyNetwork.Rectified, TinyNetwork.Image(0), 1, 2, 0);
        double[] blurred = new double[sharp.Length];
        double[] weights = [.. Enumerable.Range(-6, 13).Select(by => Math.Exp(-by * by / 8.0))];
        for (int at = 0; at < sharp.Length; at++)
        {
            for (int tap = 0; tap < 13 * 13; tap++)
            {
                (int y, int x) = (Mirrored((at / TinyNetwork.Side) + (tap / 13) - 6), Mirrored((at % TinyNetwork.Side) + (tap % 13) - 6));
                blurred[at] += weights[tap / 13] * weights[tap % 13] * sharp[(y * TinyNetwork.Side) + x];
            }
        }

        Close.AreClose([.. Normalized([.. blurred.Select(value => Math.Max(value, 0))]).Select(value => (float)value)], run.Maps[0], Tolerance, "row 0");

        static int Mirrored(int at) => at < 0 ? -at : at >= TinyNetwork.Side ? (2 * (TinyNetwork.Side - 1)) - at : at;
    }

    [TestMethod]
    public void A_module_s_map_is_that_of_the_ONNX_file()
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open();
        float[][] expected = MethodRun.Of(SaliencyMethod.IntegratedGradients, TinyNetwork.Rectified, 3).Maps;
        float[][] actual = MethodRun.Of(SaliencyMethod.IntegratedGradients, network, 3).Maps;
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], actual[row], Explained.Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow("cat-0003")]
    [DataRow("horse-0007")]
    public void On_a_real_network_attributions_add_up_to_what_the_image_scores_above_the_baseline(string image)
    {
        var parity = new ParityCase("resnet20-cifar10", image);
        using ImageNetwork network = ImageNetwork.FromOnnx(parity.Model);
        using DisposeScope scope = NewDisposeScope();
        Tensor input = parity.Read("input").ToTensor();
        Tensor attributions = new IntegratedGradients(ManySteps).Attributions(input, images => network.Gradients(network.RunFromInput(images, CPU), [[parity.Target]])).Single();
        double gained = network.RunForward(input, CPU).Floats()[parity.Target] - network.RunForward(zeros_like(input), CPU).Floats()[parity.Target];
        Assert.AreEqual(gained, attributions.sum().ToDouble(), Math.Abs(gained) * Incompleteness);
    }

    [TestMethod]
    public void A_function_that_scores_images_is_refused_with_what_to_take_instead()
    {
        using ImageNetwork network = ImageNetwork.FromScorer(images => [.. images.Select(image => new[] { image[0], -image[0] })], TinyNetwork.Side, TinyNetwork.Side, 2);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => MethodRun.Of(SaliencyMethod.IntegratedGradients, network, 0)).Message,
            "'integrated-gradients' needs the gradient at the input, and there is none in the network 'scorer': nothing but its scores can be seen. Take one without, such as 'occlusion'");
    }

    private static double[] Expected(TinyNetwork network, float[] image, int target, int steps, double baseline)
    {
        double[] sum = new double[TinyNetwork.Pixels];
        for (int step = 0; step < steps; step++)
        {
            double[] point = [.. image.Select(value => baseline + ((step + 0.5) / steps * (value - baseline)))];
            double[][] maps = Maps(network, point);
            for (int k = 0; k < TinyNetwork.Channels; k++)
            {
                double weight = network.Weights[(k * TinyNetwork.Classes) + target] * TinyNetwork.Sharpness / Layer;
                for (int at = 0; at < Layer; at++)
                {
                    for (int tap = 0; tap < 27 && (!network.IsRectified || maps[k][at] > 0); tap++)
                    {
                        int y = (at / TinyNetwork.MapSide * 2) - 1 + (tap / 3 % 3);
                        int x = (at % TinyNetwork.MapSide * 2) - 1 + (tap % 3);
                        if (y is >= 0 and < TinyNetwork.Side && x is >= 0 and < TinyNetwork.Side)
                        {
                            int pixel = (y * TinyNetwork.Side) + x;
                            sum[pixel] += weight * network.Kernels[(k * 27) + tap] / steps * (image[(tap / 9 * TinyNetwork.Pixels) + pixel] - baseline);
                        }
                    }
                }
            }
        }

        return sum;
    }
}
