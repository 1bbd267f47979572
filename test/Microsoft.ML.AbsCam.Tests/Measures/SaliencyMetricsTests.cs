using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>The table, and what it is summed up from.</summary>
[TestClass]
public sealed class SaliencyMetricsTests
{
    private static readonly SaliencyMeasure[] Measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.PointingGame(), SaliencyMeasure.AverageDrop];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_table_has_a_line_a_measure_and_names_what_was_not_measured()
    {
        SaliencyMetrics metrics = SaliencyMetrics.Of(Measures, [Row(0, 0.25, 1, 0.5), Row(1, 0.25, 1, null), NotAny(2)]);
        string[] lines = metrics.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        CollectionAssert.AreEqual(
            (string[])[
                "measure                  mean       95 % interval    rows  better  protocol",
                "deletion               0.2500                   -       2  lower   rise, 28 steps",
                "pointing               1.0000                   -       2  higher  less than 15 pixels off the object, mean over classes",
                "drop                   0.5000                   -       1  lower   max(0, Y - O) / Y",
                "row 1 not measured by drop: the map has values outside of [0,1].",
                "row 2 not measured: the map is flat.",
            ],
            lines);
        Assert.AreEqual("deletion 0.2500, 2 rows", metrics.Deletion!.ToString());
        Assert.AreEqual((3L, 2, 1), (metrics.Rows, metrics.AverageDrop!.Unmeasured, metrics.AverageDrop.Count));
    }

    [TestMethod]
    public void A_measure_of_no_rows_has_a_dash_and_no_number()
    {
        SaliencyMetrics metrics = SaliencyMetrics.Of(Measures, [NotAny(0)]);
        StringAssert.Contains(metrics.ToString(), "deletion                    -                   -       0  lower   rise, 28 steps");
        Assert.AreEqual("deletion not measured", metrics.Deletion!.ToString());
        Assert.IsTrue(double.IsNaN(metrics.Deletion.Mean) && metrics.Deletion.Curve is null);
    }

    [TestMethod]
    public void Many_rows_that_were_not_measured_are_all_counted_a_thousand_named_and_ten_printed()
    {
        SaliencyMetrics metrics = SaliencyMetrics.Of(Measures, Enumerable.Range(0, 1500).Select(i => NotAny(i)));
        Assert.AreEqual(1500, metrics.Deletion!.Unmeasured);
        Assert.HasCount(SaliencyMetrics.MostNamedRows, metrics.Unmeasured);
        Assert.AreEqual(10, metrics.ToString().Split('\n').Count(line => line.StartsWith("row ", StringComparison.Ordinal)));
        StringAssert.Contains(metrics.ToString(), "Unmeasured names more of them.");
    }

    [TestMethod]
    public void Results_are_found_by_name_and_are_null_where_nobody_asked()
    {
        SaliencyMetrics metrics = SaliencyMetrics.Of(Measures, [Row(0, 0.1, 0, 0.2)]);
        Assert.AreEqual(0.1, metrics["deletion"]!.Mean);
        Assert.AreEqual(0.0, metrics.PointingGame!.Mean);
        Assert.AreEqual(0.2, metrics.AverageDrop!.Mean);
        Assert.IsNull(metrics.Insertion ?? metrics.Adcc ?? metrics.AverageGain ?? metrics.AverageIncrease ?? metrics.EnergyPointingGame);
    }

    [TestMethod]
    public void Rows_of_other_measures_or_other_steps_are_refused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => SaliencyMetrics.Of([SaliencyMeasure.Deletion()], [Row(4, 0.1, 0, 0.2)])).Message,
            "Row 4 has 3 values, and there are 1 measures.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => SaliencyMetrics.Of(Measures, [Row(0, 0.1, 0, 0.2, 0.5f, 0.4f), Row(5, 0.1, 0, 0.2, 0.5f, 0.4f, 0.3f)])).Message,
            "Row 5 has a deletion curve of 3 scores, and rows before it one of 2.");
    }

    [TestMethod]
    public void Every_measure_says_which_way_is_better_and_has_a_name_of_its_own()
    {
        IReadOnlyList<SaliencyMeasure> all = SaliencyMeasure.All();
        CollectionAssert.AllItemsAreUnique(all.Select(measure => measure.Name).ToArray());
        CollectionAssert.AreEquivalent((string[])["deletion", "drop", "complexity", "road-morf", "max-sensitivity"], all.Where(measure => !measure.IsHigherBetter).Select(measure => measure.Name).ToArray());
        CollectionAssert.AreEqual((string[])["sparseness"], all.Where(measure => !measure.IsJudging).Select(measure => measure.Name).ToArray());
        Assert.AreEqual("insertion (rise, 224 pixels a step)", SaliencyMeasure.Insertion(PerturbationProtocol.Rise with { StepPixels = 224 }).ToString());
        Assert.AreEqual(
            "deletion (group-cam, 112 steps, deletion to a blur of 5 x 5, sigma 1.5, insertion from the mean colour)",
            SaliencyMeasure.Deletion(PerturbationProtocol.GroupCam with { Deletion = ImageSubstrate.Blur(5, 1.5), Insertion = ImageSubstrate.Mean }).ToString());
    }

    [TestMethod]
    public void Without_options_all_measures_are_taken_that_the_columns_allow()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context);
        IDataView explained = maker.Transform(TinyNetwork.View(_context, 2));
        Assert.AreEqual(
            "deletion insertion insertion-deletion drop increase gain coherency complexity sparseness adcc",
            string.Join(' ', _context.Saliency.Evaluate(explained, maker).Measures.Select(result => result.Measure.Name)));
        Assert.HasCount(
            SaliencyMeasure.All().Count - SaliencyMeasure.OnlyByName.Count,
            _context.Saliency.Evaluate(MeasureRow.View(_context, 2), maker, MeasureRow.Options() with { BoxesColumn = nameof(MeasureRow.Boxes) }).Measures);
    }

    [TestMethod]
    public void Every_class_has_its_own_mean_with_its_rows_beside_that_of_all()
    {
        SaliencyMetrics metrics = SaliencyMetrics.Of(Measures, [Row(0, 0.1, 1, 0.5) with { Target = 7 }, Row(1, 0.3, 0, null) with { Target = 7 }, Row(2, 0.6, 1, 0.9) with { Target = 2 }, NotAny(3)]);
        ClassMeasureResult[] deletion = [.. metrics.Deletion!.Classes];
        Assert.AreEqual((2, 1, 0.6, double.NaN, double.NaN), (deletion[0].Target, deletion[0].Count, deletion[0].Mean, deletion[0].Lower, deletion[0].Upper), "a single row would look certain");
        Assert.AreEqual((7, 2), (deletion[1].Target, deletion[1].Count));
        Assert.AreEqual(0.2, deletion[1].Mean, 1e-12);
        Assert.IsTrue(double.IsNaN(deletion[1].Lower) && double.IsNaN(deletion[1].Upper), "two rows are too few");
        CollectionAssert.AreEqual((double[])[1, 0.5], metrics.PointingGame!.Classes.Select(one => one.Mean).ToArray());
        CollectionAssert.AreEqual((int[])[1, 1], metrics.AverageDrop!.Classes.Select(one => one.Count).ToArray(), "a row that was not measured is in no class");
    }

    [TestMethod]
    public void A_class_of_five_rows_has_the_interval_that_these_rows_have_alone()
    {
        SaliencyRowMetrics[] five = [.. Enumerable.Range(0, 5).Select(row => Row(row, 0.1 * row, 1, 0.5) with { Target = 7 })];
        ClassMeasureResult one = SaliencyMetrics.Of(Measures, [.. five, Row(5, 0.9, 1, 0.5) with { Target = 2 }]).Deletion!.Classes[1];
        MeasureResult alone = SaliencyMetrics.Of(Measures, five).Deletion!;
        Assert.AreEqual((alone.Mean, alone.Lower, alone.Upper), (one.Mean, one.Lower, one.Upper));
        Assert.IsLessThan(one.Upper, one.Lower);
    }

    private static SaliencyRowMetrics Row(long row, double deletion, double pointing, double? drop, params float[] curve)
        => new(row, 0, 0.5f, [deletion, pointing, drop ?? MeasureValue.Not("the map has values outside of [0,1]")], [curve.Length > 0 ? curve : null, null, null], 30);

    private static SaliencyRowMetrics NotAny(long row)
        => new(row, -1, float.NaN, [.. Measures.Select(_ => MeasureValue.Not("the map is flat"))], [null, null, null], 0);
}
