using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Audit.Differences;

/// <summary>Two explained data sets whose differences are known.</summary>
[TestClass]
public sealed class DiffTests
{
    private const int Side = 16;
    private static readonly DiffOptions Options = new() { TruthColumn = nameof(Explained.Truth), ObjectShareColumn = nameof(Explained.OnObject) };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_run_beside_itself_has_no_findings_and_says_what_was_tested()
    {
        Explained[] rows = Rows();
        AuditReport report = Diff(rows, rows);
        Assert.AreEqual(120, report.Rows);
        Assert.IsEmpty(report.Findings, report.ToString());
        Assert.IsEmpty(report.Unused);
        StringAssert.Contains(report.ToString(), "Answers: 0 of 120 pictures are given another class");
        StringAssert.Contains(report.ToString(), "median 1.00, a tenth below 1.00; 0 of 120 below 0.5");
    }

    [TestMethod]
    public void Noise_that_changes_every_map_and_probability_a_little_either_way_is_no_finding()
    {
        AuditReport report = Diff(Rows(), Rows(seed: 2));
        Assert.IsEmpty(report.Findings, report.ToString());
    }

    [TestMethod]
    public void A_class_that_looks_elsewhere_is_found_with_the_place_and_the_pictures()
    {
        AuditReport report = Diff(Rows(), Rows(seed: 2, change: Elsewhere));
        AuditFinding[] reasons = [.. report.Findings.Where(finding => finding.Kind == AuditFindingKind.Reasons)];
        Assert.IsNotEmpty(reasons, report.ToString());
        Assert.IsTrue(report.Findings.All(finding => finding.ClassName == "cat"), report.ToString());
        AuditFinding moved = reasons.Single(finding => finding.Region is not null);
        StringAssert.Contains(moved.Sentence, "the heat of 'cat' moved");

        // It came to the upper left corner, to which a finding's pixels belong.
        Assert.IsTrue(moved.Region!.Pixels[0] && !moved.Region.Pixels[Side - 1]);
        Assert.IsTrue(moved.Effects[0] is { Mean: > 0.2, PValue: <= 0.001, Pictures: 40 } came && came.Lower <= came.Mean && came.Mean <= came.Upper, moved.Effects[0].ToString());
        Assert.HasCount(40, moved.Rows);
        Assert.IsTrue(moved.RowNames.All(name => name.StartsWith("cat", StringComparison.Ordinal)));

        // Its heat is off the object, and its maps are unlike, as no other class's are.
        Assert.IsTrue(reasons.Any(finding => finding.Sentence.Contains("less on the object", StringComparison.Ordinal)), report.ToString());
        Assert.IsTrue(reasons.Any(finding => finding.Sentence.Contains("changed more than other classes'", StringComparison.Ordinal)), report.ToString());
    }

    [TestMethod]
    public void A_class_that_is_given_up_is_told_with_what_it_became()
    {
        // Half of the dogs become cats, and are wrong by that.
        AuditReport report = Diff(Rows(), Rows(seed: 2, change: row => row.Name.StartsWith("dog", StringComparison.Ordinal) && row.Number % 2 == 0 ? row with { Class = "cat" } : row));
        AuditFinding[] answers = [.. report.Findings.Where(finding => finding.Kind == AuditFindingKind.Answers)];
        CollectionAssert.AreEqual(
            (string[])["'dog' is known worse: 40 of its 40 pictures are right in the first, 20 in the second.", "20 pictures became 'cat' and 0 ceased to be it: 40 are given it in the first, 60 in the second.", "0 pictures became 'dog' and 20 ceased to be it: 40 are given it in the first, 20 in the second."],
            answers.Select(finding => finding.Sentence).ToArray(),
            report.ToString());

        // Of 20 changes all go one way: 2 / 2^20, by Holm times the two classes.
        Assert.AreEqual(4 * Math.Pow(0.5, 20), answers[1].PValue, 1e-15);
        Assert.AreEqual(20 / 120.0, answers[1].Effects[0].Mean, 1e-12);
        Assert.AreEqual(20, answers[1].Effects[0].Flips);
    }

    [TestMethod]
    public void Less_certainty_of_a_class_is_told()
    {
        AuditReport report = Diff(Rows(), Rows(seed: 2, change: row => row.Class == "emu" ? row with { Probability = row.Probability - 0.2f } : row));
        AuditFinding finding = report.Findings.Single();
        StringAssert.StartsWith(finding.Sentence, "the second is less sure of 'emu'");
        Assert.AreEqual(-0.2, finding.Effects[0].Mean, 0.02);
    }

    [TestMethod]
    public void The_other_way_round_signs_turn_and_nothing_else()
    {
        (Explained[] first, Explained[] second) = (Rows(), Rows(seed: 2, change: Elsewhere));
        AuditFinding[] there = [.. Diff(first, second).Findings];
        AuditFinding[] back = [.. Diff(second, first).Findings];
        CollectionAssert.AreEqual(there.Select(finding => (finding.Kind, finding.ClassName, finding.PValue)).ToArray(), back.Select(finding => (finding.Kind, finding.ClassName, finding.PValue)).ToArray());
        double[] means(AuditFinding[] findings) => [.. findings.Where(finding => finding.Region is not null).SelectMany(finding => finding.Effects).Select(effect => Math.Round(effect.Mean, 9)).Order()];
        CollectionAssert.AreEqual(means(there).Select(mean => -mean).Order().ToArray(), means(back));
        AuditFinding gained = back.Single(finding => finding.Sentence.Contains("on the object", StringComparison.Ordinal));
        StringAssert.Contains(gained.Sentence, "lies more on the object");
    }

    [TestMethod]
    public void Order_does_not_matter_and_pictures_of_one_alone_are_counted()
    {
        (Explained[] first, Explained[] second) = (Rows(), Rows(seed: 2, change: Elsewhere));
        AuditReport whole = Diff(first, second);
        AuditReport turned = Diff(first, [.. second.Reverse()]);
        Assert.AreEqual(whole.ToString(), turned.ToString());
        AuditReport fewer = Diff([.. first.Skip(3)], [.. second.SkipLast(5)]);
        Assert.AreEqual(112, fewer.Rows);
        Assert.AreEqual((5, 3), (fewer.Unused["this picture is in the first alone"], fewer.Unused["this picture is in the second alone"]));
    }

    [TestMethod]
    public void Rows_without_answers_or_maps_are_counted_and_twins_and_strangers_are_refused_by_name()
    {
        Explained[] rows = Rows();
        AuditReport report = Diff(rows, [rows[0] with { Saliency = [.. Enumerable.Repeat(float.NaN, Side * Side)] }, rows[1] with { Saliency = new float[Side * Side] }, rows[2] with { Class = "" }, .. rows.Skip(3)]);
        Assert.AreEqual((119, 1), (report.Rows, report.Unused["one of the two gives no class or no probability"]));
        StringAssert.Contains(report.ToString(), "2 more have no map with heat in one of the two");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Diff(rows, [.. rows, rows[4]])).Message, "Two rows of the second data set are called 'dog 4'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Diff(rows, [.. rows.Select(row => row with { Name = $"other {row.Name}" })])).Message, "no picture in common: the first has 'cat 0', the second 'other cat 0'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Saliency.Diff(View(rows), View(rows), Options with { MapColumn = "Heat" })).Message, "'Heat'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Saliency.Diff(View(rows), View(rows), Options with { Level = 0 })).Message, "DiffOptions.Level");
    }

    private static Explained Elsewhere(Explained row) => row.Class != "cat" ? row : row with { Saliency = Spot(row.Number, 2.5, 2.5, 0.05f), OnObject = 0.1f };

    private AuditReport Diff(Explained[] first, Explained[] second) => _context.Saliency.Diff(View(first), View(second), Options);

    private IDataView View(Explained[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Explained));
        schema[nameof(Explained.Saliency)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Side, Side);
        return _context.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>Cats, dogs and emus, whose heat lies about the middle, each at a place of its own that it keeps; other seeds shake maps and probabilities.</summary>
    private static Explained[] Rows(int seed = 1, Func<Explained, Explained>? change = null)
    {
        var noise = new Random(seed);
        string[] classes = ["cat", "dog", "emu"];
        var places = new Random(9);
        return [.. Enumerable.Range(0, 120).Select(number =>
        {
            string c = classes[number % 3];
            float[] map = Spot(number, 7 + (3 * places.NextDouble()), 7 + (3 * places.NextDouble()), 0.05f, noise);
            var row = new Explained { Number = number / 3, Name = $"{c} {number}", Class = c, Truth = c, Probability = 0.7f + (0.02f * noise.NextSingle()), Saliency = map, OnObject = 0.6f + (0.02f * noise.NextSingle()) };
            return change?.Invoke(row) ?? row;
        })];
    }

    private static float[] Spot(int seed, double x, double y, float least, Random? noise = null)
    {
        noise ??= new Random(seed);
        return [.. Enumerable.Range(0, Side * Side).Select(i => (float)Math.Exp(-(Math.Pow((i % Side) + 0.5 - x, 2) + Math.Pow((i / Side) + 0.5 - y, 2)) / 8) + (least * noise.NextSingle()))];
    }

    private sealed record Explained
    {
        [NoColumn]
        public int Number { get; init; }

        public string Name { get; init; } = "";

        public string Class { get; init; } = "";

        public string Truth { get; init; } = "";

        public float Probability { get; init; }

        public float OnObject { get; init; }

        public float[] Saliency { get; init; } = [];
    }
}
