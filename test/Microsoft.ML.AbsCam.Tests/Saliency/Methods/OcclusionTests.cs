using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>Occlusion against its formula in plain loops.</summary>
[TestClass]
public sealed class OcclusionTests
{
    private const double Tolerance = 1e-4;

    // Probabilities are float32: of a smaller range rounding would be seen.
    private const double LeastRange = 0.01;
    private const double Rounding = 1e-6;

    [TestMethod]
    [DataRow("occlusion", 2, 1, 0.0)]
    [DataRow("occlusion(patch=3)", 3, 2, 0.0)]
    [DataRow("occlusion(patch=3,stride=2,fill=-0.5)", 3, 2, -0.5)]
    [DataRow("occlusion(patch=4,stride=3)", 4, 3, 0.0)]
    [DataRow("occlusion(stride=3)", 3, 3, 0.0)]
    public void A_pixel_has_the_mean_of_what_the_patches_over_it_take_off_the_probability(string name, int patch, int stride, double fill)
    {
        int shown = 0;
        for (int row = 0; row < MethodRun.Images; row++)
        {
            int target = BruteForceMethods.Predicted(TinyNetwork.Rectified, TinyNetwork.Image(row));
            MethodRun run = MethodRun.Of(SaliencyMethod.Parse(name), TinyNetwork.Rectified, target);
            (double[] expected, int patches) = Expected(TinyNetwork.Image(row), target, patch, stride, fill);
            Assert.AreEqual(2 + patches, run.Forwards[row]);

            // Where the class is out of the question, patches take nothing off it.
            if (expected.Max() - expected.Min() > LeastRange)
            {
                Close.AreClose([.. Normalized(expected).Select(value => (float)value)], run.Maps[row], Tolerance, $"row {row}");
                shown++;
            }
        }

        Assert.IsGreaterThan(1, shown);
    }

    [TestMethod]
    public void A_patch_as_large_as_the_image_tells_nothing_apart()
    {
        MethodRun run = MethodRun.Of(SaliencyMethod.OcclusionWith(patch: 100), TinyNetwork.Rectified, 0);
        Assert.IsTrue(run.Status.All(status => status == "Flat"));
        Assert.AreEqual(3, run.Forwards[0]);
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void On_a_real_network_the_map_is_what_covered_copies_score()
    {
        var parity = new ParityCase("resnet20-cifar10", "ship-0011");
        using ImageNetwork network = ImageNetwork.FromOnnx(parity.Model);
        float[] input = parity.Read("input").Values;
        double p(float[] image)
        {
            using DisposeScope scope = NewDisposeScope();
            double[] exponentials = [.. network.RunForward(tensor(image, [1, 3, 32, 32]), CPU).Floats().ToArray().Select(value => Math.Exp(value))];
            return exponentials[parity.Target] / exponentials.Sum();
        }

        double whole = p(input);
        double[] map = new double[32 * 32];
        for (int at = 0; at < 16; at++)
        {
            bool isCovered(int pixel) => pixel / 32 / 8 == at / 4 && pixel % 32 / 8 == at % 4;
            double lost = whole - p([.. input.Select((value, i) => isCovered(i % 1024) ? 0 : value)]);
            for (int pixel = 0; pixel < map.Length; pixel++)
            {
                map[pixel] += isCovered(pixel) ? Math.Max(lost, 0) : 0;
            }
        }

        Close.AreClose([.. Normalized(map).Select(value => (float)value)], Explained.OfParity(network, SaliencyMethod.OcclusionWith(8, 8), parity), Rounding / map.Max(), "map");
    }

    private static (double[] Map, int Patches) Expected(float[] image, int target, int patch, int stride, double fill)
    {
        const int Side = TinyNetwork.Side;
        List<int> starts = [];
        for (int start = 0; start + patch < Side; start += stride)
        {
            starts.Add(start);
        }

        starts.Add(Side - patch);
        double[] input = [.. image.Select(value => (double)value)];
        double whole = Probabilities(TinyNetwork.Rectified, input)[target];
        double[] sum = new double[TinyNetwork.Pixels];
        int[] count = new int[TinyNetwork.Pixels];
        foreach (int top in starts)
        {
            foreach (int left in starts)
            {
                bool isCovered(int pixel) => pixel / Side >= top && pixel / Side < top + patch && pixel % Side >= left && pixel % Side < left + patch;
                double lost = whole - Probabilities(TinyNetwork.Rectified, input.Select((value, i) => isCovered(i % TinyNetwork.Pixels) ? fill : value).ToArray())[target];
                foreach (int pixel in Enumerable.Range(0, TinyNetwork.Pixels).Where(isCovered))
                {
                    sum[pixel] += lost;
                    count[pixel]++;
                }
            }
        }

        return ([.. sum.Select((value, i) => Math.Max(value / count[i], 0))], starts.Count * starts.Count);
    }
}
