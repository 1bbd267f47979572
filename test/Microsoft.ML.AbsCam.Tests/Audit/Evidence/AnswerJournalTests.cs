using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Audit.Evidence;

/// <summary>An audit that ended early goes on from what it wrote, wherever that ends, and believes nothing that is not so.</summary>
[TestClass]
public sealed class AnswerJournalTests : IDisposable
{
    private const int Questions = 70;

    private static readonly AuditOptions Options = new() { NameColumn = nameof(VectorRow.Name), TruthColumn = nameof(VectorRow.Target), Trials = 8, PassSize = 8 };

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _said = [];
    private bool _wasOther;

    public AnswerJournalTests() => _context.Log += (_, message) => _said.Add(message.Message);

    private string Path => System.IO.Path.Combine(_folder.Path, "audit.journal");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_was_answered_is_heard_again_and_one_of_thirty_two_asked_again()
    {
        Assert.AreEqual((Questions, 0), Ask());
        Assert.AreEqual((3, Questions), Ask());
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 0)]
    [DataRow(75, 0)]
    [DataRow(76, 1)]
    [DataRow(400, 5)]
    public void What_is_not_whole_is_asked_anew(int bytes, int heard)
    {
        Ask();
        using (FileStream file = File.OpenWrite(Path))
        {
            file.SetLength(bytes);
        }

        Assert.AreEqual((Questions - heard + (heard > 0 ? 1 : 0), heard), Ask());
        Assert.IsFalse(_wasOther, "what is cut off is not of somebody else");
        Assert.AreEqual((3, Questions), Ask());
    }

    [TestMethod]
    [DataRow(3, DisplayName = "in a question")]
    [DataRow(38, DisplayName = "in an answer")]
    [DataRow(60, DisplayName = "in a seal")]
    public void A_changed_byte_takes_what_stands_behind_it_along(int place)
    {
        Ask();
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[(76 * 10) + place] ^= 1;
        File.WriteAllBytes(Path, bytes);
        Assert.AreEqual((Questions - 10 + 1, 10), Ask());
    }

    [TestMethod]
    public void A_record_in_another_s_place_is_not_heard()
    {
        Ask();
        byte[] bytes = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, [.. bytes[..(76 * 4)], .. bytes[(76 * 5)..]]);
        Assert.AreEqual(4, Ask().Heard);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(32)]
    public void A_network_that_answers_otherwise_is_told(int from)
    {
        Ask();
        Assert.ThrowsExactly<OtherAnswerException>(() => Ask(question => question >= from ? question + 0.5f : question));
    }

    [TestMethod]
    public void An_audit_that_ended_anywhere_comes_to_the_same_report()
    {
        VectorRow[] rows = RedOrGreen.Rows(40, share: 0.4);
        using ImageNetwork network = RedOrGreen.Open();
        string report = Audit(rows, network, Options);
        Assert.AreEqual(report, Audit(rows, network, Options with { JournalPath = Path }));
        byte[] whole = File.ReadAllBytes(Path);
        int passes = Heard(rows, network, report);
        foreach (double share in (double[])[0.02, 0.77])
        {
            File.WriteAllBytes(Path, whole[..(int)(share * whole.Length)]);
            Assert.IsInRange(0, passes * share * 1.5, Heard(rows, network, report));
            CollectionAssert.AreEqual(whole, File.ReadAllBytes(Path));
        }
    }

    [TestMethod]
    public void Other_pictures_options_and_networks_are_asked_anew()
    {
        VectorRow[] rows = RedOrGreen.Rows(40, share: 0.4);
        using ImageNetwork network = RedOrGreen.Open();
        Audit(rows, network, Options with { JournalPath = Path });
        byte[] whole = File.ReadAllBytes(Path);
        int passes = Heard(rows, network, Audit(rows, network, Options));

        AuditOptions other = Options with { Seed = 2 };
        string report = Audit(rows, network, other);
        _said.Clear();
        Assert.AreEqual(report, Audit(rows, network, other with { JournalPath = Path }));
        Assert.IsLessThan(passes, Heard(), "the pass over all rows is the same, and what is drawn is not");

        File.WriteAllBytes(Path, whole);
        rows[0].Input[0] += 0.01f;
        Assert.AreEqual(0, Heard(rows, network, Audit(rows, network, Options)));
        Says("was asked of another network or other pictures");

        rows[0].Input[0] -= 0.01f;
        File.WriteAllBytes(Path, whole);
        using ImageNetwork twin = ImageNetwork.FromOnnx(RedOrGreen.ToOnnx(blue: 119));
        report = Audit(rows, twin, Options);
        _said.Clear();
        Assert.AreEqual(report, Audit(rows, twin, Options with { JournalPath = Path }));
        Says("was asked of another network or other pictures");
        Assert.AreEqual(0, Heard());
    }

    [TestMethod]
    public void Of_a_network_that_no_file_holds_its_answers_tell_whether_it_is_another()
    {
        VectorRow[] rows = RedOrGreen.Rows(24, share: 0);
        ImageNetwork scorer(float share) => ImageNetwork.FromScorer(images => [.. images.Select(image => (float[])[share * image[0], 1 - (share * image[0])])], RedOrGreen.Side, RedOrGreen.Side, classes: 2);
        using ImageNetwork one = scorer(1);
        using ImageNetwork other = scorer(0.9f);
        Audit(rows, one, Options with { JournalPath = Path });
        Assert.IsGreaterThan(0, Heard(rows, one, Audit(rows, one, Options)));
        string report = Audit(rows, other, Options);
        Assert.AreEqual(0, Heard(rows, other, report));
        Says("the audit begins anew");
    }

    private void Says(string text) => Assert.HasCount(1, _said.Where(said => said.Contains(text, StringComparison.Ordinal)).ToArray(), string.Join('\n', _said));

    private int Heard(VectorRow[] rows, ImageNetwork network, string report)
    {
        _said.Clear();
        Assert.AreEqual(report, Audit(rows, network, Options with { JournalPath = Path }));
        return Heard();
    }

    private int Heard()
    {
        const string Text = " passes through the network were made by an audit that ended early";
        return _said.Find(text => text.Contains(Text, StringComparison.Ordinal)) is { } said ? int.Parse(said[..said.IndexOf(Text, StringComparison.Ordinal)].Split(' ')[^1], CultureInfo.InvariantCulture) : 0;
    }

    private string Audit(VectorRow[] rows, ImageNetwork network, AuditOptions options)
    {
        IDataView data = RedOrGreen.View(_context, rows);
        using AbsCamTransformer maker = _context.Transforms.AbsCam("Saliency", nameof(VectorRow.Input), network, new AbsCamOptions { Method = network.Layers.Count > 0 ? SaliencyMethod.HiResCam : SaliencyMethod.CenterGaussian, Labels = ["red", "green"], Columns = new() { Status = "Status" } }).Fit(data);
        return _context.Saliency.Audit(maker.Transform(data), maker, options).ToString();
    }

    /// <summary>Asks all questions, of two numbers an answer.</summary>
    /// <returns>How many the network was asked, and how many the journal knew.</returns>
    private (int Asked, int Heard) Ask(Func<int, float>? network = null)
    {
        int asked = 0;
        using var journal = new AnswerJournal(Path, new byte[32]);
        for (int i = 0; i < Questions; i++)
        {
            int question = i;
            float[] answer = journal.Of([.. Enumerable.Repeat((byte)question, 32)], () =>
            {
                asked++;
                return [network?.Invoke(question) ?? question, -question];
            });
            CollectionAssert.AreEqual((float[])[question, -question], answer);
        }

        _wasOther = journal.WasOther;
        return (asked, journal.Heard);
    }
}
