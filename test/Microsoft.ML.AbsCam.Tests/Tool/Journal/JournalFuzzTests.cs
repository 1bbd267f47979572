using System.Globalization;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tests.Tool.Journal;

/// <summary>Journals are damaged at random: what is read of them is what was written, or nothing.</summary>
[TestClass]
public class JournalFuzzTests : CommandTest
{
    private const int Photos = 5;
    private static readonly int Damages = Sweep.Of(200, 2000);

    /// <summary>How often a whole run is disturbed; whoever has the time asks for more.</summary>
    internal static int Runs { get; } = int.TryParse(Environment.GetEnvironmentVariable("ABSCAM_FUZZ_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int runs) ? runs : Sweep.Of(8, 60);

    [TestMethod]
    public async Task What_a_damaged_journal_says_was_written()
    {
        await ExplainedAsync("--save", "npy,report,parquet");
        string path = At("out", "explain.journal");
        Dictionary<string, string> rows;
        string[] parts;
        using (var journal = new RunJournal(path))
        {
            rows = journal.Rows().ToDictionary(row => row.Key, row => JsonSerializer.Serialize(row));
            parts = [.. journal.Parts().Select(part => JsonSerializer.Serialize(part))];
        }

        Assert.HasCount(Photos, rows);
        byte[] undisturbed = File.ReadAllBytes(path);
        var random = new Random(1);
        int over = 0;
        for (int i = 0; i < Damages; i++)
        {
            (string kind, byte[] bytes) = JournalDamage.Draw(undisturbed, random);
            File.WriteAllBytes(path, bytes);
            using var journal = new RunJournal(path);
            string what = $"{kind}, number {i}";
            JournalRow[] found = [.. journal.Rows()];
            Assert.IsTrue(found.All(row => rows[row.Key] == JsonSerializer.Serialize(row)), what);
            Assert.IsTrue(journal.Parts().All(part => parts.Contains(JsonSerializer.Serialize(part))), what);
            if (journal.End is not null)
            {
                over++;
                Assert.IsTrue(bytes.AsSpan().SequenceEqual(undisturbed), $"{what}: a journal that lost something is not over");
            }
            else if (journal.Damages.Count == 0)
            {
                Assert.IsTrue(undisturbed.AsSpan().StartsWith(bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1)), $"{what}: only a journal that breaks off may seem whole");
            }
        }

        Assert.IsLessThan(Damages / 10, over);
    }

    [TestMethod]
    public async Task What_a_damaged_journal_of_a_comparison_says_was_measured()
    {
        const int photos = 2;
        AddPhotos(photos);
        string[] compare = Compare();
        Assert.AreEqual(0, (await RunAsync(compare)).ExitCode);
        string path = At("out", ComparisonJournal.FileName);
        byte[] undisturbed = File.ReadAllBytes(path);
        string[] lines = [.. File.ReadLines(path).Select(line => SealedLine.Open(System.Text.Encoding.UTF8.GetBytes(line))!.Value.Text)];
        var identity = JsonDocument.Parse(lines[0]).RootElement.GetProperty("identity").Deserialize<Dictionary<string, string>>()!;
        JournalEntry[] entries = [.. lines[1..].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("entry").Deserialize<JournalEntry>(JsonSerializerOptions.Web)!)];
        Assert.HasCount(photos * 3, entries);
        string[] written = [.. entries.Select(entry => JsonSerializer.Serialize(entry))];
        var random = new Random(2);
        int refused = 0;
        for (int i = 0; i < Damages; i++)
        {
            (string kind, byte[] bytes) = JournalDamage.Draw(undisturbed, random);
            File.WriteAllBytes(path, bytes);
            try
            {
                using var journal = new ComparisonJournal(Output, identity);
                foreach ((JournalEntry entry, string text) in entries.Zip(written))
                {
                    JournalEntry? found = journal.Find(entry.Source, entry.Image, entry.Stamp);
                    Assert.IsTrue(found is null || JsonSerializer.Serialize(found) == text, $"{kind}, number {i}");
                }
            }
            catch (UsageException e)
            {
                refused++;
                StringAssert.Contains(e.Message, "says what it depends on", $"{kind}, number {i}");
            }
        }

        Assert.IsInRange(1, Damages / 2, refused);
    }

    [TestMethod]
    public async Task A_run_goes_on_from_a_damaged_journal_to_the_undisturbed_result_or_is_refused()
    {
        string[] options = await ExplainedAsync("--save", "npy,report");
        await UndisturbedOrRefusedAsync(At("out", "explain.journal"), () => ExplainAsync(At("photos"), [.. options, "--resume"]), "none of it can be trusted");
    }

    [TestMethod]
    public async Task A_comparison_goes_on_from_a_damaged_journal_to_the_undisturbed_result_or_is_refused()
    {
        AddPhotos();
        Assert.AreEqual(0, (await RunAsync(Compare())).ExitCode);
        await UndisturbedOrRefusedAsync(At("out", ComparisonJournal.FileName), () => RunAsync([.. Compare(), "--resume"]), "says what it depends on");
    }

    private async Task UndisturbedOrRefusedAsync(string path, Func<Task<CommandResult>> resumeAsync, string refusal)
    {
        string[] undisturbed = ResultFolder.Of(Output);
        byte[] journal = File.ReadAllBytes(path);
        var random = new Random(3);
        for (int i = 0; i < Runs; i++)
        {
            (string kind, byte[] bytes) = JournalDamage.Draw(journal, random);
            File.WriteAllBytes(path, bytes);
            CommandResult again = await resumeAsync();
            if (again.ExitCode != 0)
            {
                Refused(again, refusal);
                continue;
            }

            CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output), $"{kind}, number {i}");
        }
    }

    private async Task<string[]> ExplainedAsync(params string[] options)
    {
        AddPhotos();
        string[] all = ["--batch", "2", .. options];
        CommandResult result = await ExplainAsync(At("photos"), all);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return all;
    }

    private string[] Compare() => ["compare", At("photos"), "--model", Model(), "--methods", "grad-cam", "--measures", "drop", "--show", "0", "--batch", "2", "--output", Output, .. BrightnessNetwork.Options];

    private void AddPhotos(int count = Photos)
    {
        for (int i = 0; i < count; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i}.png"), x: 15 + (9 * i), y: 70 - (6 * i));
        }
    }
}
