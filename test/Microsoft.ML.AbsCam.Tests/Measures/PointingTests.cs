using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>Pointing and energy over photos of other sizes than the network's input.</summary>
[TestClass]
public sealed class PointingTests
{
    private static readonly SaliencyMeasure Exact = SaliencyMeasure.PointingGame(0);

    private readonly MLContext _context = new(seed: 1);

    // A photo of 40 x 20 and a map of 8 x 8 with its peak in the seventh column of the third row: the nearest centre of a
    // photo's pixel, by the arithmetic of each rule.
    [TestMethod]
    [DataRow(ResizeRule.CenterCrop, 26, 6)]
    [DataRow(ResizeRule.Squash, 32, 6)]
    [DataRow(ResizeRule.Pad, 32, 2)]
    public void A_peak_is_a_hit_at_its_pixel_of_the_photo_and_a_miss_beside_it(ResizeRule resize, int x, int y)
    {
        PhotoMeasureRow at(int left, int top) => PhotoMeasureRow.Pointing(40, 20, 8, 8, 6, 2, left, top, left + 1, top + 1);
        double[] hits = Values(PhotoMeasureRow.Options(resize, Exact), at(x, y), at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1));
        CollectionAssert.AreEqual((double[])[1, 0, 0, 0, 0], hits);
    }

    [TestMethod]
    public void The_tolerance_is_measured_in_pixels_of_the_photo()
    {
        // A map of the photo's own size, its peak at (20, 16); boxes of one pixel at squared distances of 225 and 221.
        PhotoMeasureRow at(int x, int y) => PhotoMeasureRow.Pointing(64, 48, 64, 48, 20, 16, x, y, x + 1, y + 1);
        SaliencyEvaluationOptions options = PhotoMeasureRow.Options(ResizeRule.Squash, SaliencyMeasure.PointingGame()) with { MapExtent = MapExtent.Photo };
        CollectionAssert.AreEqual((double[])[0, 0, 1, 1], Values(options, at(35, 16), at(29, 28), at(34, 21), at(34, 16)));
        Assert.AreEqual(1, Values(options with { Measures = [SaliencyMeasure.PointingGame(15.01)] }, at(35, 16))[0]);
    }

    [TestMethod]
    public void A_mask_may_be_an_image()
    {
        PhotoMeasureRow row = PhotoMeasureRow.Pointing(40, 20, 40, 20, 7, 9);
        row.Mask = TestImage.From(40, 20, (x, y) => x == 7 && y == 9 ? (0, 1, 0, 255) : (0, 0, 0, 255));
        PhotoMeasureRow beside = PhotoMeasureRow.Pointing(40, 20, 40, 20, 7, 10);
        beside.Mask = row.Mask;
        SaliencyEvaluationOptions options = PhotoMeasureRow.Options(ResizeRule.Squash, Exact, SaliencyMeasure.EnergyPointingGame) with
        {
            BoxesColumn = null,
            MaskColumn = nameof(PhotoMeasureRow.Mask),
            MapExtent = MapExtent.Photo,
        };
        SaliencyRowMetrics[] rows = PhotoMeasureRow.Measure(_context, options, row, beside);
        CollectionAssert.AreEqual((double[])[1, 1, 0, 0], rows.SelectMany(measured => measured.Values.Select(value => value.Value)).ToArray());
    }

    [TestMethod]
    public void The_accuracy_is_the_mean_over_classes_and_not_over_rows()
    {
        PhotoMeasureRow of(int target, bool isHit)
        {
            PhotoMeasureRow row = PhotoMeasureRow.Pointing(40, 20, 40, 20, 5, 5, isHit ? [5, 5, 6, 6] : [30, 15, 31, 16]);
            row.Target = target;
            return row;
        }

        PhotoMeasureRow[] rows = [of(0, true), of(0, true), of(0, true), of(1, false), of(2, true), of(2, false)];
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyMetrics metrics = _context.Saliency.Evaluate(
            _context.Data.LoadFromEnumerable(rows), network, PhotoMeasureRow.Options(ResizeRule.Squash, Exact) with { MapExtent = MapExtent.Photo });
        Assert.AreEqual((1 + 0 + 0.5) / 3, metrics.PointingGame!.Mean, 1e-12);
        Assert.AreEqual(6, metrics.PointingGame.Count);
    }

    [TestMethod]
    public void Energy_is_the_share_of_the_resized_map_in_the_union_of_the_boxes()
    {
        var random = new Random(4);
        PhotoMeasureRow row = PhotoMeasureRow.Pointing(20, 12, 8, 8, 0, 0, 2, 3, 9, 8, 5, 1, 12, 6);
        row.Saliency = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())];
        double inside = 0;
        double all = 0;
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                double value = At(row.Saliency, ((x + 0.5) * 8 / 20) - 0.5, ((y + 0.5) * 8 / 12) - 0.5);
                all += value;
                inside += (x is >= 2 and < 9 && y is >= 3 and < 8) || (x is >= 5 and < 12 && y is >= 1 and < 6) ? value : 0;
            }
        }

        Assert.AreEqual(inside / all, Values(PhotoMeasureRow.Options(ResizeRule.Squash, SaliencyMeasure.EnergyPointingGame), row)[0], 1e-6);

        static double At(float[] map, double x, double y)
        {
            (x, y) = (Math.Clamp(x, 0, 7), Math.Clamp(y, 0, 7));
            double sum = 0;
            for (int cell = 0; cell < map.Length; cell++)
            {
                sum += map[cell] * Math.Max(0, 1 - Math.Abs(x - (cell % 8))) * Math.Max(0, 1 - Math.Abs(y - (cell / 8)));
            }

            return sum;
        }
    }

    [TestMethod]
    public void An_object_that_the_crop_hides_is_not_measured_and_says_so()
    {
        // Of a photo of 40 x 20, the columns 10 to 29 are seen.
        SaliencyEvaluationOptions options = PhotoMeasureRow.Options(ResizeRule.CenterCrop, Exact, SaliencyMeasure.EnergyPointingGame, SaliencyMeasure.Complexity);
        SaliencyRowMetrics[] rows = PhotoMeasureRow.Measure(
            _context, options, PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 2, 0, 0, 10, 20), PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 2, 0, 0, 11, 20));
        Assert.AreEqual("the object lies outside of what the network saw of the photo", rows[0].Values[0].Reason);
        Assert.AreEqual(rows[0].Values[0].Reason, rows[0].Values[1].Reason);
        Assert.IsTrue(rows[0].Values[2].IsMeasured, "what needs no object is measured all the same");
        Assert.IsTrue(rows[1].Values[0].IsMeasured, "a column of it is seen");
    }

    [TestMethod]
    public void A_map_with_negative_values_has_no_energy_but_points()
    {
        PhotoMeasureRow row = PhotoMeasureRow.Pointing(40, 20, 40, 20, 20, 9, 20, 9, 21, 10);
        row.Saliency[0] = -0.5f;
        SaliencyEvaluationOptions options = PhotoMeasureRow.Options(ResizeRule.CenterCrop, Exact, SaliencyMeasure.EnergyPointingGame) with { MapExtent = MapExtent.Photo };
        SaliencyRowMetrics measured = PhotoMeasureRow.Measure(_context, options, row)[0];
        Assert.AreEqual(1, measured.Values[0].Value);
        Assert.AreEqual("the map has negative values, so its sum is no energy", measured.Values[1].Reason, "though the crop hides them from the network");
    }

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    public void A_tolerance_that_is_no_distance_is_refused(double tolerance)
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaliencyMeasure.PointingGame(tolerance));

    private double[] Values(SaliencyEvaluationOptions options, params PhotoMeasureRow[] rows)
        => [.. PhotoMeasureRow.Measure(_context, options, rows).Select(row => row.Values[0].IsMeasured ? row.Values[0].Value : throw new AssertFailedException(row.Values[0].Reason!))];
}
