using Microsoft.ML.AbsCam.Saliency.Methods;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Each method through the whole pipeline against its formula in plain loops.</summary>
[TestClass]
public sealed class MethodFormulaTests
{
    private const int Images = 5;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(3, true)]
    [DataRow(2, false)]
    public void Ablation_CAM_is_what_the_logit_loses_without_each_map(int target, bool isRectified)
    {
        TinyNetwork network = Network(isRectified);
        (float[][] maps, int[] forwards) = Explain(SaliencyMethod.AblationCam, network, target);
        for (int row = 0; row < maps.Length; row++)
        {
            Close.AreClose(BruteForceMethods.AblationCam(network, TinyNetwork.Image(row), target), maps[row], 1e-4, $"row {row}");
            Assert.AreEqual(BruteForceMethods.AblationForwards(network, TinyNetwork.Image(row)), forwards[row]);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Eigen_CAM_is_the_projection_on_the_first_principal_component(bool isRectified)
    {
        TinyNetwork network = Network(isRectified);
        (float[][] maps, int[] forwards) = Explain(SaliencyMethod.EigenCam, network, 0);
        for (int row = 0; row < maps.Length; row++)
        {
            Close.AreClose(BruteForceMethods.EigenCam(network, TinyNetwork.Image(row)), maps[row], 1e-4, $"row {row}");
            Assert.AreEqual(1, forwards[row]);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Group_CAM_is_what_each_group_adds_to_a_blurred_image(bool isRectified)
    {
        TinyNetwork network = Network(isRectified);
        int shown = 0;
        for (int target = 0; target < TinyNetwork.Classes; target++)
        {
            (float[][] maps, int[] forwards) = Explain(SaliencyMethod.GroupCam, network, target);
            for (int row = 0; row < maps.Length; row++)
            {
                // No group adds anything where all of them are worse than the blurred image.
                float[] expected = BruteForceMethods.GroupCam(network, TinyNetwork.Image(row), target);
                bool isFlat = expected.All(value => value == 0);
                Close.AreClose(isFlat ? [.. expected.Select(_ => float.NaN)] : expected, maps[row], 1e-4, $"row {row}, class {target}");
                Assert.IsInRange(2, 2 + TinyNetwork.Channels, forwards[row]);
                shown += isFlat ? 0 : 1;
            }
        }

        Assert.IsGreaterThan(Images, shown);
    }

    [TestMethod]
    [DataRow(70, 24)]
    [DataRow(64, 32)]
    [DataRow(31, 31)]
    public void Group_CAM_sums_neighbours_and_keeps_what_is_above_the_70th_percentile(int channels, int groups)
    {
        using DisposeScope scope = NewDisposeScope();
        const int Rows = 2;
        const int Pixels = 25;
        float[] activation = OnnxModelBuilder.Numbers([Rows, channels, Pixels], 1);
        float[] gradient = OnnxModelBuilder.Numbers([Rows, channels, Pixels], 2);
        Tensor masks = new GroupCam().Masks(tensor(activation, [Rows, channels, 5, 5]), tensor(gradient, [Rows, channels, 5, 5]));
        CollectionAssert.AreEqual(new long[] { Rows, groups, 5, 5 }, masks.shape);
        int size = (int)Math.Ceiling(channels / 32.0);
        List<float> expected = [];
        for (int group = 0; group < Rows * groups; group++)
        {
            double[] sum = new double[Pixels];
            for (int k = group % groups * size; k < Math.Min(channels, ((group % groups) + 1) * size); k++)
            {
                int first = ((group / groups * channels) + k) * Pixels;
                double weight = gradient.Skip(first).Take(Pixels).Average(value => (double)value);
                for (int at = 0; at < Pixels; at++)
                {
                    sum[at] += weight * activation[first + at];
                }
            }

            expected.AddRange(BruteForceMethods.Denoised([.. sum.Select(value => Math.Max(value, 0))]).Select(value => (float)value));
        }

        Close.AreClose([.. expected], masks.Floats(), 1e-6, "masks");
    }

    [TestMethod]
    public void RISE_is_the_sum_of_masks_weighted_with_what_they_leave()
    {
        const int Masks = 37;
        (float[][] maps, int[] forwards) = Explain(SaliencyMethod.RiseWith(Masks, cells: 3, keep: 0.4, seed: 7), TinyNetwork.Rectified, 2);
        double[][] masks = RiseLoops.Masks(Masks, 3, 0.4, 7, TinyNetwork.Side, TinyNetwork.Side);
        for (int row = 0; row < maps.Length; row++)
        {
            Close.AreClose(BruteForceMethods.Rise(TinyNetwork.Rectified, TinyNetwork.Image(row), 2, masks, 0.4), maps[row], 1e-4, $"row {row}");
            Assert.AreEqual(1 + Masks, forwards[row]);
        }
    }

    [TestMethod]
    [DataRow(8, 24, 40)]
    [DataRow(7, 30, 30)]
    [DataRow(8, 5, 9)]
    [DataRow(1, 6, 4)]
    public void Masks_of_RISE_are_enlarged_grids_cut_out_at_random(int cells, int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        var rise = new Rise(100, cells, 0.5, 3);
        double[][] expected = RiseLoops.Masks(20, cells, 0.5, 3, height, width);
        Close.AreClose([.. expected.Skip(4).SelectMany(mask => mask.Select(value => (float)value))], rise.Masks(4, 16, height, width).Floats(), 1e-5, "masks");
    }

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(0.5)]
    public void A_share_of_RISE_s_cells_is_open(double keep)
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.AreEqual(keep, new Rise(2000, keep: keep).Masks(0, 2000, 16, 16).mean().ToDouble(), 0.01);
    }

    [TestMethod]
    public void The_centre_Gaussian_has_a_sigma_of_a_quarter_of_the_image()
    {
        (float[][] maps, int[] forwards) = Explain(SaliencyMethod.CenterGaussian, TinyNetwork.Rectified, 0);
        double[] expected = new double[TinyNetwork.Pixels];
        for (int i = 0; i < expected.Length; i++)
        {
            (double y, double x) = ((i / TinyNetwork.Side) - 3.5, (i % TinyNetwork.Side) - 3.5);
            expected[i] = Math.Exp(-((y * y) + (x * x)) / (2 * 2 * 2));
        }

        foreach (float[] map in maps)
        {
            Close.AreClose([.. TinyLoops.Normalized(expected).Select(value => (float)value)], map, 1e-6, "map");
        }

        Assert.IsTrue(forwards.All(count => count == 1), "scores and the target take one pass");
    }

    [TestMethod]
    public void Random_maps_are_uniform_and_differ_from_image_to_image()
    {
        (float[][] maps, _) = Explain(SaliencyMethod.Random, TinyNetwork.Rectified, 0);
        float[] all = [.. maps.SelectMany(map => map)];
        Assert.AreEqual(0.5, all.Average(), 0.05);
        for (int tenth = 0; tenth < 10; tenth++)
        {
            Assert.AreEqual(0.1, all.Count(value => value >= tenth / 10f && value < (tenth + 1) / 10f) / (double)all.Length, 0.06);
        }

        Assert.AreEqual(maps.Length, maps.Select(map => map[0]).Distinct().Count());
    }

    [TestMethod]
    [DataRow(5, 0.2, true)]
    [DataRow(3, 0.1, false)]
    [DataRow(2, 0.0, true)]
    public void A_smoothed_map_is_the_mean_over_noisy_and_mirrored_copies(int samples, double noise, bool flips)
    {
        TinyNetwork network = TinyNetwork.Rectified;
        (float[][] maps, int[] forwards) = Explain(SaliencyMethod.Smoothed(SaliencyMethod.AbsCamInitial, samples, noise, flips, seed: 4), network, null);
        for (int row = 0; row < maps.Length; row++)
        {
            float[] image = TinyNetwork.Image(row);
            int target = BruteForceMethods.Predicted(network, image);
            double sigma = noise * (image.Max() - image.Min());
            var numbers = SplitMix.Of(4);
            double[] sum = new double[TinyNetwork.Pixels];
            for (int sample = 0; sample < samples; sample++)
            {
                float[] copy = [.. image.Select(value => (float)(value + (sigma * numbers.Gaussian())))];
                bool isMirrored = flips && sample % 2 == 1;
                float[] map = BruteForceAbsCam.Explain(network, isMirrored ? Mirrored(copy) : copy, target, SaliencyMethod.AbsCamInitial).Map;
                map = isMirrored ? Mirrored(map) : map;
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += map[i];
                }
            }

            Close.AreClose([.. TinyLoops.Normalized(sum).Select(value => (float)value)], maps[row], 1e-4, $"row {row}");
            Assert.AreEqual(1 + samples, forwards[row]);
        }
    }

    [TestMethod]
    public void The_readings_of_Abs_CAM_have_names_of_their_own()
    {
        foreach (SaliencyMethod method in (SaliencyMethod[])[
            SaliencyMethod.AbsCam, SaliencyMethod.AbsCamInitial, SaliencyMethod.AbsCamPerChannel, SaliencyMethod.AbsCamPerChannelLogit, SaliencyMethod.AbsCamWhole])
        {
            (float[][] maps, int[] forwards) = Explain(method, TinyNetwork.Rectified, 1);
            for (int row = 0; row < maps.Length; row++)
            {
                BruteForceAbsCam.Result expected = BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(row), 1, method);
                Close.AreClose(expected.Map, maps[row], Explained.Tolerance, $"{method}, row {row}");
                Assert.AreEqual(expected.Forwards, forwards[row]);
            }
        }
    }

    private static float[] Mirrored(float[] rows) => [.. rows.Chunk(TinyNetwork.Side).SelectMany(row => row.Reverse())];

    private static TinyNetwork Network(bool isRectified) => isRectified ? TinyNetwork.Rectified : TinyNetwork.Signed;

    private (float[][] Maps, int[] Forwards) Explain(SaliencyMethod method, TinyNetwork network, int? target)
    {
        var options = new AbsCamOptions
        {
            Method = method,
            Target = target is int index ? SaliencyTarget.Class(index) : SaliencyTarget.Predicted,
            Columns = new() { Forwards = "Forwards" },
            BatchSize = 4,
            MaskBatchSize = 3,
        };
        using ImageNetwork open = network.Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, options, open);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, Images));
        return (explained.Maps(), [.. explained.GetColumn<int>("Forwards")]);
    }
}
