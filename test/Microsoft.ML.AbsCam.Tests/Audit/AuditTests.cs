using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Audit;

/// <summary>Audits of a network whose shortcut is known.</summary>
[TestClass]
public sealed class AuditTests
{
    private static readonly AuditOptions Options = new() { NameColumn = nameof(VectorRow.Name), TruthColumn = nameof(VectorRow.Target), Trials = 32 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_mark_that_makes_its_class_is_found_with_its_pixels_and_what_it_does()
    {
        AuditReport report = Audit(RedOrGreen.Rows(160, share: 0.4));
        AuditFinding shortcut = report.Findings.Single(finding => finding.Kind == AuditFindingKind.Shortcut);
        Assert.AreEqual((0, "red"), (shortcut.ClassIndex, shortcut.ClassName));
        bool[] found = [.. shortcut.Region!.Pixels];
        Assert.IsGreaterThan(0.6, Overlap(found, RedOrGreen.Mark));
        AuditEffect transplant = shortcut.Effects[0];
        Assert.IsTrue(transplant is { Mean: > 0.5, PValue: < 0.01 } && transplant.Flips > transplant.Pictures / 2, transplant.ToString());
        Assert.IsTrue(transplant.Lower <= transplant.Mean && transplant.Mean <= transplant.Upper && Math.Abs(transplant.Control) < 0.1, transplant.ToString());
        Assert.IsTrue(shortcut.RowNames.All(name => int.Parse(name.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0));
        StringAssert.Contains(report.ToString(), shortcut.Sentence);
    }

    [TestMethod]
    public void A_ground_that_makes_its_class_is_found_though_nobody_says_where_objects_are()
    {
        VectorRow[] rows = RedOrGreen.Rows(160, share: 0);
        foreach (VectorRow row in rows.Where(row => row.Number % 8 == 0))
        {
            // Bluish all over, so that no part of it is a thing.
            row.Input.AsSpan(2 * RedOrGreen.Side * RedOrGreen.Side).Fill(0.4f);
        }

        AuditFinding[] shortcuts = [.. Audit(rows).Findings.Where(finding => finding.Kind == AuditFindingKind.Shortcut)];
        Assert.IsTrue(shortcuts.Length > 0 && shortcuts.All(finding => finding.ClassIndex == 0 && finding.Region!.Share > 0.3), string.Join('\n', shortcuts.Select(finding => finding.Sentence)));
    }

    [TestMethod]
    public void A_ground_in_three_pictures_of_eighty_is_found_by_what_it_does_to_others()
    {
        VectorRow[] rows = RedOrGreen.Rows(160, share: 0);
        foreach (VectorRow row in rows.Where(row => row.Number is 8 or 50 or 120))
        {
            row.Input.AsSpan(2 * RedOrGreen.Side * RedOrGreen.Side).Fill(0.4f);
        }

        AuditReport report = Audit(rows);
        AuditFinding shortcut = report.Findings.Single(finding => finding.Kind == AuditFindingKind.Shortcut);
        Assert.AreEqual((0, 1.0), (shortcut.ClassIndex, shortcut.Region!.Share), report.ToString());
        CollectionAssert.AreEquivalent((string[])["picture 8", "picture 50", "picture 120"], shortcut.RowNames.ToArray());
        Assert.IsTrue(shortcut.Effects[0] is { Mean: > 0.5, PValue: < 0.01, Control: < 0.1 }, report.ToString());
    }

    [TestMethod]
    public void A_border_in_four_pictures_is_told_by_its_own_pixels()
    {
        VectorRow[] rows = RedOrGreen.Rows(160, share: 0);
        bool[] border = [.. Enumerable.Range(0, RedOrGreen.Side * RedOrGreen.Side).Select(i => i / RedOrGreen.Side is < 2 or >= 14 || i % RedOrGreen.Side is < 2 or >= 14)];
        foreach (VectorRow row in rows.Where(row => row.Number is 8 or 50 or 90 or 120))
        {
            for (int i = 0; i < row.Input.Length; i++)
            {
                row.Input[i] = !border[i % border.Length] ? row.Input[i] : i / border.Length == 2 ? 0.6f : 0;
            }
        }

        AuditReport report = Audit(rows);
        AuditFinding shortcut = report.Findings.Single(finding => finding.Kind == AuditFindingKind.Shortcut);
        Assert.AreEqual(0, shortcut.ClassIndex, report.ToString());
        Assert.IsGreaterThan(0.8, Overlap([.. shortcut.Region!.Pixels], border), report.ToString());
    }

    [TestMethod]
    public void A_clean_data_set_accuses_nobody_and_says_what_would_have_been_found()
    {
        AuditReport report = Audit(RedOrGreen.Rows(160, share: 0));
        Assert.IsFalse(report.Findings.Any(finding => finding.Kind == AuditFindingKind.Shortcut), report.ToString());
        Assert.IsTrue(report.Tested.Any(sentence => sentence.Contains("would be found four times out of five", StringComparison.Ordinal)), report.ToString());
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_report()
    {
        VectorRow[] rows = RedOrGreen.Rows(60, share: 0.5);
        Assert.AreEqual(Audit(rows).ToString(), Audit(rows).ToString());
    }

    [TestMethod]
    public void Without_a_column_of_heat_features_they_are_read_of_the_layer_as_pictures_are_scored()
    {
        VectorRow[] rows = RedOrGreen.Rows(160, share: 0.4);
        string withColumn = Audit(rows).ToString();
        StringAssert.Contains(withColumn, "principal components of what lies under their heat");
        Assert.AreEqual(withColumn, Audit(rows, features: null).ToString());
    }

    [TestMethod]
    public void Rows_that_cannot_be_used_are_counted_by_their_reasons()
    {
        VectorRow[] rows = RedOrGreen.Rows(40, share: 0.5);
        rows[3].Input.AsSpan().Fill(float.NaN);
        AuditReport report = Audit(rows);
        Assert.AreEqual(39, report.Rows);
        Assert.AreEqual(1, report.Unused.Values.Sum());
    }

    [TestMethod]
    public void Several_classes_a_row_are_refused()
    {
        IDataView data = RedOrGreen.View(_context, RedOrGreen.Rows(4, share: 0));
        using AbsCamTransformer maker = Maker(data, new AbsCamOptions { Target = SaliencyTarget.Top(2) });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _context.Saliency.Audit(maker.Transform(data), maker)).Message, "one a row");
    }

    [TestMethod]
    [DataRow(0.0, 64, "Level")]
    [DataRow(0.05, 4, "Trials")]
    public void Options_out_of_range_are_refused_by_name(double level, int trials, string name)
    {
        IDataView data = RedOrGreen.View(_context, RedOrGreen.Rows(4, share: 0));
        using AbsCamTransformer maker = Maker(data, new AbsCamOptions());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Saliency.Audit(maker.Transform(data), maker, new AuditOptions { Level = level, Trials = trials })).Message, $"AuditOptions.{name}");
    }

    [TestMethod]
    public void Where_objects_are_known_a_mark_that_moves_about_lies_beside_them()
    {
        VectorRow[] rows = RedOrGreen.Rows(120, share: 0);
        var random = new Random(5);
        foreach (VectorRow row in rows.Where(row => row.Target == 0 && row.Number % 4 == 0))
        {
            // Somewhere, and blue.
            (int top, int left) = (random.Next(RedOrGreen.Side - 5), random.Next(RedOrGreen.Side - 5));
            for (int i = 0; i < 25; i++)
            {
                row.Input[(2 * RedOrGreen.Side * RedOrGreen.Side) + ((top + (i / 5)) * RedOrGreen.Side) + left + (i % 5)] = 0.9f;
            }
        }

        AuditReport report = Audit([.. rows.Select(row => new ObjectRow { Name = row.Name, Input = row.Input, Target = row.Target, Box = RedOrGreen.BoxOf(row) })]);
        AuditFinding shortcut = report.Findings.Single(finding => finding.Kind == AuditFindingKind.Shortcut);
        Assert.AreEqual(0, shortcut.ClassIndex, report.ToString());
        StringAssert.Contains(shortcut.Sentence, "beside the object");
    }

    [TestMethod]
    public void A_ground_beside_known_objects_is_told_whole_and_not_only_where_it_is_hot()
    {
        VectorRow[] rows = RedOrGreen.Rows(120, share: 0);
        foreach (VectorRow row in rows.Where(row => row.Target == 0 && row.Number % 4 == 0))
        {
            // Bluish, and more so in one corner, where the heat is.
            Span<float> blue = row.Input.AsSpan(2 * RedOrGreen.Side * RedOrGreen.Side);
            for (int i = 0; i < blue.Length; i++)
            {
                blue[i] = i / RedOrGreen.Side < 3 && i % RedOrGreen.Side < 3 ? 0.7f : 0.38f;
            }
        }

        AuditReport report = Audit([.. rows.Select(row => new ObjectRow { Name = row.Name, Input = row.Input, Target = row.Target, Box = RedOrGreen.BoxOf(row) })]);
        AuditFinding shortcut = report.Findings.First(finding => finding.Kind == AuditFindingKind.Shortcut);
        Assert.AreEqual(0, shortcut.ClassIndex, report.ToString());
        Assert.IsGreaterThan(0.7, shortcut.Region!.Share, report.ToString());
    }

    private AuditReport Audit(ObjectRow[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(ObjectRow));
        schema[nameof(ObjectRow.Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, RedOrGreen.Side, RedOrGreen.Side);
        IDataView data = _context.Data.LoadFromEnumerable(rows, schema);
        using AbsCamTransformer maker = Maker(data, new AbsCamOptions { Method = SaliencyMethod.HiResCam, BatchSize = 32 });
        return _context.Saliency.Audit(maker.Transform(data), maker, Options with { BoxesColumn = nameof(ObjectRow.Box) });
    }

    private AuditReport Audit(VectorRow[] rows, string? features = "Features")
    {
        IDataView data = RedOrGreen.View(_context, rows);
        using AbsCamTransformer maker = Maker(data, new AbsCamOptions { Method = SaliencyMethod.HiResCam, BatchSize = 32, Columns = new() { HeatFeatures = features, Status = "Status" } });
        return _context.Saliency.Audit(maker.Transform(data), maker, Options);
    }

    private AbsCamTransformer Maker(IDataView data, AbsCamOptions options)
        => _context.Transforms.AbsCam("Map", nameof(VectorRow.Input), RedOrGreen.Open(), options with { Labels = ["red", "green"] }).Fit(data);

    private static double Overlap(bool[] a, bool[] b) => a.Zip(b).Count(pair => pair.First && pair.Second) / (double)a.Zip(b).Count(pair => pair.First || pair.Second);

    private sealed class ObjectRow
    {
        public string Name { get; set; } = "";

        public float[] Input { get; set; } = [];

        public int Target { get; set; }

        public float[] Box { get; set; } = [];
    }
}
