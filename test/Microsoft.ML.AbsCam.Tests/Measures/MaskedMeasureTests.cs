using Microsoft.ML.AbsCam.Tests.Support;
using static Microsoft.ML.AbsCam.Tests.Measures.BruteForceMeasures;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>What the map leaves of the image, and ADCC, beside plain loops.</summary>
[TestClass]
public sealed class MaskedMeasureTests
{
    // Shares of a probability are less exact than the probability.
    private const double Tolerance = 2e-4;
    private const int Count = 8;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Drop_increase_and_gain_are_what_plain_loops_give()
    {
        MeasureRow[] rows = MeasureRow.Rows(Count);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyMetrics metrics = _context.Saliency.Evaluate(
            MeasureRow.View(_context, Count), network, MeasureRow.Options(SaliencyMeasure.AverageDrop, SaliencyMeasure.AverageIncrease, SaliencyMeasure.AverageGain, SaliencyMeasure.Complexity));
        (double Y, double O)[] pairs = [.. rows.Select(row => (Probability(Wide(row.Input), row.Target), Probability(Masked(row.Input, row.Saliency), row.Target)))];
        Assert.IsTrue(pairs.Any(pair => pair.O > pair.Y) && pairs.Any(pair => pair.O < pair.Y), "rows of both kinds");
        Assert.AreEqual(pairs.Average(pair => Math.Max(0, pair.Y - pair.O) / pair.Y), metrics.AverageDrop!.Mean, Tolerance);
        Assert.AreEqual(pairs.Count(pair => pair.O > pair.Y) / (double)Count, metrics.AverageIncrease!.Mean, 1e-12);
        Assert.AreEqual(pairs.Average(pair => Math.Max(0, pair.O - pair.Y) / (1 - pair.Y)), metrics.AverageGain!.Mean, Tolerance);
        Assert.AreEqual(rows.Average(row => row.Saliency.Average()), metrics["complexity"]!.Mean, 1e-6);
    }

    [TestMethod]
    [DataRow("abs-cam-initial", MapSize.Input)]
    [DataRow("abs-cam", MapSize.Input)]
    [DataRow("abs-cam", MapSize.Layer)]
    public void Coherency_and_Adcc_explain_the_masked_image_for_the_same_class(string method, MapSize size)
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Method = SaliencyMethod.Parse(method), MapSize = size, Columns = new() { Class = "Class" } });
        SaliencyRowMetrics[] rows = [.. _context.Saliency.EvaluateRows(
            maker.Transform(TinyNetwork.View(_context, Count)),
            maker,
            new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.Coherency, SaliencyMeasure.Adcc] })];
        for (int i = 0; i < Count; i++)
        {
            float[] image = TinyNetwork.Image(i);
            int target = Predicted(image);
            float[] map = OverInput(BruteForceAbsCam.Explain(TinyNetwork.Rectified, image, target, SaliencyMethod.Parse(method), atLayerSize: size == MapSize.Layer).Map);
            double[] masked = Masked(image, map);
            float[] second = OverInput(BruteForceAbsCam.Explain(TinyNetwork.Rectified, [.. masked.Select(value => (float)value)], target, SaliencyMethod.Parse(method), atLayerSize: size == MapSize.Layer).Map);
            double coherency = (Pearson(map, second) + 1) / 2;
            (double y, double o) = (Probability(Wide(image), target), Probability(masked, target));
            double drop = Math.Max(0, y - o) / y;
            double complexity = map.Average(value => (double)value);
            Assert.AreEqual(target, rows[i].Target);
            Assert.AreEqual(coherency, rows[i].Values[0].Value, 1e-3, $"coherency of row {i}");
            Assert.AreEqual(3 / ((1 / coherency) + (1 / (1 - complexity)) + (1 / (1 - drop))), rows[i].Values[1].Value, 1e-3, $"ADCC of row {i}");
        }
    }

    [TestMethod]
    public void Adcc_explains_the_class_that_the_row_asks_for()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Column("Target") });
        SaliencyRowMetrics row = _context.Saliency.EvaluateRows(
            maker.Transform(TinyNetwork.View(_context, 4)), maker, new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.Coherency] }).Last();
        float[] map = BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(3), 3).Map;
        float[] second = BruteForceAbsCam.Explain(TinyNetwork.Rectified, [.. Masked(TinyNetwork.Image(3), map).Select(value => (float)value)], 3).Map;
        Assert.AreEqual(3, row.Target);
        Assert.AreEqual((Pearson(map, second) + 1) / 2, row.Values[0].Value, 1e-3);
    }

    [TestMethod]
    [DataRow("index")]
    [DataRow("name")]
    public void A_class_that_is_explained_in_every_row_is_measured_in_every_row(string by)
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = by == "index" ? SaliencyTarget.Class(2) : SaliencyTarget.Class("ship"), Labels = TinyNetwork.Labels });
        SaliencyRowMetrics[] rows = [.. _context.Saliency.EvaluateRows(maker.Transform(TinyNetwork.View(_context, 4)), maker, new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.Complexity] })];
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(2, rows[i].Target);
            Assert.AreEqual(Probability(Wide(TinyNetwork.Image(i)), 2), rows[i].Probability, 2e-5);
        }
    }

    [TestMethod]
    public void Adcc_is_zero_where_one_of_its_terms_is()
    {
        // Almost everything is salient, so that what complexity leaves is nothing but rounding.
        MeasureRow row = MeasureRow.Of(0);
        Array.Fill(row.Saliency, 1f);
        row.Saliency[0] = 1 + 1e-7f;
        using AbsCamTransformer maker = Explained.Transformer(_context);
        SaliencyEvaluationOptions options = MeasureRow.Options(SaliencyMeasure.Adcc, SaliencyMeasure.Coherency) with { MapColumn = nameof(MeasureRow.Saliency) };
        SaliencyRowMetrics measured = _context.Saliency.EvaluateRows(MeasureRow.View(_context, [row], TinyNetwork.Side, TinyNetwork.Side), maker, options).Single();
        Assert.IsTrue(measured.Values[1].IsMeasured, measured.Values[1].Reason);
        Assert.AreEqual(0.0, measured.Values[0].Value);
    }

    // Bilinear with half-pixel centres, from the layer's size to the input's.
    private static float[] OverInput(float[] map)
    {
        int from = (int)Math.Sqrt(map.Length);
        float[] placed = new float[TinyNetwork.Pixels];
        for (int i = 0; i < placed.Length; i++)
        {
            double sum = 0;
            for (int cell = 0; cell < map.Length; cell++)
            {
                sum += map[cell] * Weight(i / TinyNetwork.Side, cell / from) * Weight(i % TinyNetwork.Side, cell % from);
            }

            placed[i] = (float)sum;
        }

        return placed;

        // A tent of one cell's width around each cell.
        double Weight(int pixel, int cell) => Math.Max(0, 1 - Math.Abs(Math.Clamp(((pixel + 0.5) * from / TinyNetwork.Side) - 0.5, 0, from - 1) - cell));
    }
}
