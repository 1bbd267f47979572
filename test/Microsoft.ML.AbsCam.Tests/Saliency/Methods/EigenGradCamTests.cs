using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>Eigen-Grad-CAM against its formula in plain loops.</summary>
[TestClass]
public sealed class EigenGradCamTests
{
    private const double Tolerance = 1e-4;

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void It_is_the_projection_of_gradient_times_activation_on_its_first_principal_component(int target)
    {
        foreach (TinyNetwork network in (TinyNetwork[])[TinyNetwork.Rectified, TinyNetwork.Signed])
        {
            MethodRun run = MethodRun.Of(SaliencyMethod.EigenGradCam, network, target);
            for (int row = 0; row < MethodRun.Images; row++)
            {
                double[][] maps = TinyLoops.Maps(network, [.. TinyNetwork.Image(row).Select(value => (double)value)]);
                double[][] products = [.. maps.Select((map, k) => map.Select(value => value * network.Weights[(k * TinyNetwork.Classes) + target] * TinyNetwork.Sharpness / TinyLoops.Layer).ToArray())];
                Close.AreClose(BruteForceMethods.Finish(BruteForceMethods.Projection(products)), run.Maps[row], Tolerance, $"row {row}");
                Assert.AreEqual(1, run.Forwards[row]);
            }
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void On_a_real_network_the_map_has_the_sign_of_HiResCAM_s()
    {
        var parity = new ParityCase("resnet20-cifar10", "horse-0007");
        using ImageNetwork network = ImageNetwork.FromOnnx(parity.Model);
        float[] map = Explained.AtLayerSize(network, SaliencyMethod.EigenGradCam, parity);
        float[] hires = Explained.AtLayerSize(network, SaliencyMethod.HiResCam, parity);
        (double mean, double hiresMean) = (map.Average(), hires.Average());
        Assert.IsGreaterThan(0, map.Zip(hires, (a, b) => (a - mean) * (b - hiresMean)).Sum());
    }
}
