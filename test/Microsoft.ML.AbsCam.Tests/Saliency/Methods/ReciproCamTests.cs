using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>Recipro-CAM against its formula in plain loops.</summary>
[TestClass]
public sealed class ReciproCamTests
{
    private const double Tolerance = 1e-4;

    [TestMethod]
    [DataRow("recipro-cam", 0)]
    [DataRow("recipro-cam", 3)]
    [DataRow("recipro-cam(gaussian=true)", 2)]
    public void A_place_has_the_probability_that_its_own_activations_alone_give(string name, int target)
    {
        foreach (TinyNetwork network in (TinyNetwork[])[TinyNetwork.Rectified, TinyNetwork.Signed])
        {
            MethodRun run = MethodRun.Of(SaliencyMethod.Parse(name), network, target);
            for (int row = 0; row < MethodRun.Images; row++)
            {
                Close.AreClose(Expected(network, TinyNetwork.Image(row), target, name.Contains("gaussian")), run.Maps[row], Tolerance, $"row {row}");
                Assert.AreEqual(1 + Layer, run.Forwards[row]);
            }
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void On_a_real_network_a_place_has_the_score_that_the_network_gives_the_layer_with_it_alone()
    {
        var parity = new ParityCase("resnet20-cifar10", "cat-0003");
        using ImageNetwork network = ImageNetwork.FromOnnx(parity.Model);
        using DisposeScope scope = NewDisposeScope();
        Tensor input = parity.Read("input").ToTensor();
        FeatureLayer layer = network.FindLayer(null);
        LayerPass pass = network.RunFromLayer(input, layer.Name, CPU, withGraph: false);
        double[] sums = new double[layer.Height * layer.Width];
        for (int place = 0; place < sums.Length; place++)
        {
            Tensor alone = pass.Activation.new_zeros(pass.Activation.shape);
            alone.select(2, place / layer.Width).select(2, place % layer.Width).copy_(pass.Activation.select(2, place / layer.Width).select(2, place % layer.Width));
            double[] exponentials = [.. network.RunTail(input, layer.Name, alone, CPU).Floats().ToArray().Select(value => Math.Exp(value))];
            sums[place] = exponentials[parity.Target] / exponentials.Sum();
        }

        float[] map = Explained.AtLayerSize(network, SaliencyMethod.ReciproCam, parity);
        Close.AreClose([.. Normalized(sums).Select(value => (float)value)], map, Tolerance, "map");
    }

    private static float[] Expected(TinyNetwork network, float[] image, int target, bool isGaussian)
    {
        double[][] maps = Maps(network, [.. image.Select(value => (double)value)]);
        double[] result = new double[Layer];
        for (int place = 0; place < Layer; place++)
        {
            double[][] kept = [.. maps.Select(_ => new double[Layer])];
            for (int other = 0; other < Layer; other++)
            {
                int down = Math.Abs((other / TinyNetwork.MapSide) - (place / TinyNetwork.MapSide));
                int across = Math.Abs((other % TinyNetwork.MapSide) - (place % TinyNetwork.MapSide));
                double weight = isGaussian ? (down > 1 || across > 1 ? 0 : new[] { 0.25, 0.125, 0.0625 }[down + across]) : other == place ? 1 : 0;
                for (int k = 0; k < maps.Length; k++)
                {
                    kept[k][other] = weight * maps[k][place];
                }
            }

            result[place] = Probabilities(network, kept)[target];
        }

        return BruteForceMethods.Finish(result);
    }
}
