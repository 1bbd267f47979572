using Microsoft.ML.AbsCam.Measures.Consistency;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using static Microsoft.ML.AbsCam.Tests.Measures.BruteForceMeasures;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>How alike a class's maps are to one another, beside the correlation of every pair.</summary>
[TestClass]
public sealed class ClassConsistencyTests
{
    private const int Side = 16;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void It_is_the_mean_of_all_pairs_of_a_class_less_that_of_all_pairs_with_other_classes()
    {
        Row[] rows = [.. Enumerable.Range(0, 13).Select(i => new Row { Class = i % 3 == 0 ? 4 : i % 5 == 0 ? 2 : 0, Saliency = Mixed(i % 3, i) })];
        ClassConsistencyMetrics metrics = Measure(rows);
        CollectionAssert.AreEqual((int[])[0, 2, 4], metrics.Classes.Select(one => one.Target).ToArray());
        foreach (ClassConsistencyResult one in metrics.Classes)
        {
            Row[] own = [.. rows.Where(row => row.Class == one.Target)];
            Row[] others = [.. rows.Where(row => row.Class != one.Target)];
            Assert.AreEqual(own.Length, one.Rows);
            Assert.AreEqual(own.SelectMany((a, i) => own.Where((_, j) => j != i).Select(b => Pearson(a.Saliency, b.Saliency))).Average(), one.Within, 1e-6);
            Assert.AreEqual(own.SelectMany(a => others.Select(b => Pearson(a.Saliency, b.Saliency))).Average(), one.Between, 1e-6);
        }

        Assert.AreEqual(metrics.Classes.Average(one => one.Consistency), metrics.Consistency.Mean, 1e-12);
        Assert.AreEqual(3, metrics.Consistency.Count);
    }

    [TestMethod]
    public void A_class_s_interval_is_that_of_its_rows_drawn_with_replacement()
    {
        Row[] rows = [.. Enumerable.Range(0, 19).Select(i => new Row { Class = i % 2, Saliency = Mixed(i % 2, i) }), .. Enumerable.Range(0, 4).Select(i => new Row { Class = 2, Saliency = Mixed(2, 50 + i) })];
        ClassConsistencyMetrics metrics = Measure(rows);
        foreach (ClassConsistencyResult one in metrics.Classes.Take(2))
        {
            (double lower, double upper) = Interval([.. rows.Where(row => row.Class == one.Target)], [.. rows.Where(row => row.Class != one.Target)]);
            Assert.AreEqual(lower, one.Lower, 1e-6);
            Assert.AreEqual(upper, one.Upper, 1e-6);
            Assert.IsTrue(one.Lower < one.Consistency && one.Consistency < one.Upper);
            StringAssert.Contains(metrics.ToString(), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.Lower:0.0000} to {one.Upper:0.0000}"));
        }

        Assert.IsTrue(double.IsNaN(metrics.Classes[2].Lower) && double.IsNaN(metrics.Classes[2].Upper), "four rows are too few");
        Assert.IsFalse(double.IsNaN(metrics.Classes[2].Consistency));
    }

    [TestMethod]
    public void Of_a_large_class_sums_of_rows_are_drawn_and_the_interval_is_about_as_wide()
    {
        Row[] rows = [.. Enumerable.Range(0, 150).Select(i => new Row { Class = i % 2, Saliency = Mixed(i % 4, i) })];
        ClassConsistencyResult one = Measure(rows).Classes[0];
        (double lower, double upper) = Interval([.. rows.Where(row => row.Class == 0)], [.. rows.Where(row => row.Class != 0)]);
        Assert.IsInRange(0.6, 1.6, (one.Upper - one.Lower) / (upper - lower));
        Assert.AreEqual((lower + upper) / 2, (one.Lower + one.Upper) / 2, 0.3 * (upper - lower));
        Assert.AreEqual((one.Lower, one.Upper), (Measure(rows).Classes[0].Lower, Measure(rows).Classes[0].Upper), "seeded");
    }

    [TestMethod]
    public void Maps_that_do_not_depend_on_the_class_have_none()
    {
        ClassConsistencyMetrics same = Measure([.. Enumerable.Range(0, 8).Select(i => new Row { Class = i % 2, Saliency = Mixed(1, 0) })]);
        Assert.AreEqual((1.0, 1.0, 0.0), (Math.Round(same.Within.Mean, 6), Math.Round(same.Between.Mean, 6), Math.Round(same.Consistency.Mean, 6)));
        ClassConsistencyMetrics random = Measure([.. Enumerable.Range(0, 60).Select(i => new Row { Class = i % 4, Saliency = OnnxModelBuilder.Numbers([Side * Side], i) })]);
        Assert.AreEqual(0, random.Within.Mean, 0.02);
        Assert.AreEqual(0, random.Consistency.Mean, 0.02);
    }

    [TestMethod]
    public void Classes_that_are_seen_each_at_a_place_of_its_own_have_all_there_is()
    {
        float[] at(int place) => [.. Enumerable.Range(0, Side * Side).Select(i => i / 64 == place ? 1f : 0f)];
        ClassConsistencyMetrics metrics = Measure([.. Enumerable.Range(0, 12).Select(i => new Row { Class = i % 4, Saliency = at(i % 4) })]);
        Assert.AreEqual(1, metrics.Within.Mean, 1e-6);

        // Of four stripes two that differ: 1/4 of the places each, correlation -1/3.
        Assert.AreEqual(-1 / 3.0, metrics.Between.Mean, 1e-6);
        Assert.AreEqual(4 / 3.0, metrics.Consistency.Mean, 1e-6);
    }

    [TestMethod]
    public void Single_rows_and_single_classes_are_not_measured_and_flat_and_missing_maps_are_named()
    {
        ClassConsistencyMetrics one = Measure([.. Enumerable.Range(0, 3).Select(i => new Row { Class = 1, Saliency = Mixed(0, i) })]);
        Assert.IsTrue(double.IsNaN(one.Consistency.Mean) && double.IsNaN(one.Between.Mean) && one.Within.Count == 1);
        StringAssert.Contains(one.ToString(), "consistency");
        ClassConsistencyMetrics some = Measure(
        [
            new Row { Class = 0, Saliency = Mixed(0, 1) }, new Row { Class = 0, Saliency = Mixed(0, 2) }, new Row { Class = 1, Saliency = Mixed(1, 3) },
            new Row { Class = 0, Saliency = [.. Enumerable.Repeat(0.3f, Side * Side)] }, new Row { Class = 1, Saliency = [.. Enumerable.Repeat(float.NaN, Side * Side)] }, new Row { Class = -1, Saliency = Mixed(1, 4) },
        ]);
        CollectionAssert.AreEqual((string[])["3 the map is flat", "4 there is no map", "5 there is no class"], some.Unmeasured.Select(row => $"{row.Row} {row.Reason}").ToArray());
        Assert.AreEqual((1, 1, 6L), (some.Consistency.Count, some.Consistency.Unmeasured, some.Rows), "class 1 has a single map");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Measure([])).Message, "no rows");
    }

    [TestMethod]
    [DataRow(32, 48)]
    [DataRow(4, 8)]
    [DataRow(7, 7)]
    [DataRow(20, 9)]
    public void Places_hold_the_means_of_what_lies_in_them(int height, int width)
    {
        float[] map = OnnxModelBuilder.Numbers([height, width], 7);
        double[] means = new double[Side * Side];
        const int Fine = 7 * 4 * 5 * 9;
        for (int i = 0; i < means.Length; i++)
        {
            // Many points of the place, each in one cell.
            double sum = 0;
            for (int point = 0; point < Fine; point++)
            {
                double y = ((i / Side) + ((point + 0.5) / Fine)) * height / Side;
                sum += Enumerable.Range(0, 36).Average(across => map[((int)y * width) + (int)(((i % Side) + ((across + 0.5) / 36)) * width / Side)]);
            }

            means[i] = sum / Fine;
        }

        float[] pattern = MapPattern.Of(map, height, width)!;
        Assert.AreEqual(1, pattern.Sum(value => (double)value * value), 1e-6);
        Assert.AreEqual(1, Pearson(pattern, [.. means.Select(value => (float)value)]), 1e-4);
    }

    [TestMethod]
    public void Classes_may_be_keys_and_a_transformer_gives_all_that_is_needed()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Labels = TinyNetwork.Labels, Columns = new() { Class = "Class" } });
        IDataView explained = maker.Transform(TinyNetwork.View(_context, 12));
        ClassConsistencyMetrics metrics = _context.Saliency.ClassConsistency(explained, Explained.Map);
        Assert.AreEqual(12, metrics.Classes.Sum(one => one.Rows) + metrics.Unmeasured.Count);
        CollectionAssert.IsSubsetOf(metrics.Classes.Select(one => one.Target).ToArray(), Enumerable.Range(0, TinyNetwork.Classes).ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Saliency.ClassConsistency(explained, "nowhere"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Saliency.ClassConsistency(explained, Explained.Map, "nowhere"));
    }

    /// <summary>The mean over all pairs of two rows that were drawn, but of a row with itself, less that over all pairs with others; 1000 times, and what holds 95 % of it.</summary>
    private static (double Lower, double Upper) Interval(Row[] own, Row[] others)
    {
        double[][] within = [.. own.Select(a => own.Select(b => Pearson(a.Saliency, b.Saliency)).ToArray())];
        double[] between = [.. own.Select(a => others.Average(b => Pearson(a.Saliency, b.Saliency)))];
        var random = new Random(1);
        double[] drawn = [.. Enumerable.Range(0, 1000).Select(_ =>
        {
            int[] rows = [.. own.Select(_ => random.Next(own.Length))];
            return rows.SelectMany(a => rows.Where(b => b != a).Select(b => within[a][b])).Average() - rows.Average(a => between[a]);
        }).Order()];
        double at(double share) => drawn[(int)(share * 999)] + ((drawn[(int)(share * 999) + 1] - drawn[(int)(share * 999)]) * ((share * 999) % 1));
        return (at(0.025), at(0.975));
    }

    /// <summary>A pattern of a kind, and something of its own.</summary>
    private static float[] Mixed(int kind, int own)
        => [.. OnnxModelBuilder.Numbers([Side * Side], 900 + kind).Zip(OnnxModelBuilder.Numbers([Side * Side], own), (shared, other) => shared + (0.8f * other))];

    private ClassConsistencyMetrics Measure(Row[] rows) => _context.Saliency.ClassConsistency(_context.Data.LoadFromEnumerable(rows));

    private sealed class Row
    {
        public int Class { get; set; }

        [VectorType(Side, Side)]
        public float[] Saliency { get; set; } = [];
    }
}
