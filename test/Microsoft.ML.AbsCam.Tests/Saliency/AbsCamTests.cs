using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>The method's readings, savings and bounds against plain loops.</summary>
[TestClass]
public sealed class AbsCamTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("abs-cam-initial", true)]
    [DataRow("abs-cam", true)]
    [DataRow("abs-cam-per-channel", true)]
    [DataRow("abs-cam-per-channel-logit", true)]
    [DataRow("abs-cam-whole", true)]
    [DataRow("abs-cam-initial", false)]
    [DataRow("abs-cam", false)]
    [DataRow("abs-cam-per-channel", false)]
    [DataRow("abs-cam-per-channel-logit", false)]
    [DataRow("abs-cam-whole", false)]
    public void Each_reading_is_that_of_plain_loops_also_where_the_layer_is_negative(string name, bool isRectified)
    {
        SaliencyMethod method = SaliencyMethod.Parse(name);
        TinyNetwork network = isRectified ? TinyNetwork.Rectified : TinyNetwork.Signed;
        foreach (int? target in (int?[])[null, 0, 3])
        {
            (float[][] maps, int[] forwards) = Explain(6, new AbsCamOptions { Method = method, Target = target is int index ? SaliencyTarget.Class(index) : SaliencyTarget.Predicted }, network);
            for (int row = 0; row < maps.Length; row++)
            {
                BruteForceAbsCam.Result expected = BruteForceAbsCam.Explain(network, TinyNetwork.Image(row), target, method);
                Close.AreClose(expected.Map, maps[row], Explained.Tolerance, $"row {row}, class {target}");
                Assert.AreEqual(expected.Forwards, forwards[row], $"row {row}, class {target}");
            }
        }
    }

    [TestMethod]
    public void A_channel_without_weight_and_a_flat_one_are_not_run()
    {
        // Of six channels the fifth is flat, and the sixth has no weight but for class 0.
        Assert.AreEqual(1 + 5, Explain(1, new AbsCamOptions { Target = SaliencyTarget.Class(0) }).Forwards[0]);
        Assert.AreEqual(1 + 4, Explain(1, new AbsCamOptions { Target = SaliencyTarget.Class(1) }).Forwards[0]);
    }

    [TestMethod]
    public void Several_classes_of_an_image_share_its_masked_scores()
    {
        (_, int[] all) = Explain(4, new AbsCamOptions { Target = SaliencyTarget.Top(TinyNetwork.Classes) });
        foreach (int forwards in all)
        {
            Assert.AreEqual(1 + 5, forwards, "the channels of class 0, which are those of all");
        }
    }

    [TestMethod]
    [DataRow(0.02)]
    [DataRow(0.1)]
    [DataRow(0.5)]
    public void A_guaranteed_tolerance_bounds_the_error_of_every_pixel(double tolerance)
    {
        foreach (TinyNetwork network in (TinyNetwork[])[TinyNetwork.Rectified, TinyNetwork.Signed])
        {
            (float[][] exact, int[] most) = Explain(20, new AbsCamOptions { MaskBatchSize = 1 }, network);
            (float[][] quick, int[] fewer) = Explain(20, new AbsCamOptions { MaskBatchSize = 1, Tolerance = tolerance, ToleranceKind = ToleranceKind.Guaranteed }, network);
            for (int row = 0; row < exact.Length; row++)
            {
                Close.AreClose(exact[row], quick[row], tolerance, $"row {row}");
                Assert.IsLessThanOrEqualTo(most[row], fewer[row]);
            }

            if (tolerance >= 0.5)
            {
                Assert.IsLessThan(most.Sum(), fewer.Sum());
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(16)]
    [DataRow(512)]
    public void The_number_of_masks_in_a_pass_does_not_change_a_map(int maskBatchSize)
    {
        (float[][] maps, _) = Explain(5, new AbsCamOptions { MaskBatchSize = maskBatchSize });
        Explained.AreMapsOf(Enumerable.Range(0, 5), maps);
        (maps, _) = Explain(3, new AbsCamOptions { MaskBatchSize = maskBatchSize, Method = SaliencyMethod.AbsCamWhole });
        for (int row = 0; row < maps.Length; row++)
        {
            Close.AreClose(BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(row), method: SaliencyMethod.AbsCamWhole).Map, maps[row], Explained.Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    public void Passes_hold_masks_of_several_images_up_to_their_number()
    {
        using var module = new TinyModule();
        Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Class(1), BatchSize = 4, MaskBatchSize = 6 }, module.Open()).Transform(TinyNetwork.View(_context, 4)).Maps();
        CollectionAssert.AreEqual(new long[] { 1, 4, 6, 6, 4 }, module.Passes, "a made-up image, images, and 4 x 4 masks");
    }

    private (float[][] Maps, int[] Forwards) Explain(int count, AbsCamOptions options, TinyNetwork? network = null)
    {
        using ImageNetwork open = (network ?? TinyNetwork.Rectified).Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, options with { Columns = new() { Forwards = "Forwards" }, BatchSize = 4 }, open);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, count));
        return (explained.Maps(), [.. explained.GetColumn<int>("Forwards")]);
    }
}
