using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tests.Tool.Journal;

/// <summary>What is wrong with a journal is named, and only what depends on it is done again.</summary>
[TestClass]
public class DamagedJournalTests : CommandTest
{
    private const int Photos = 6;

    private string Path => At("out", "explain.journal");

    [TestMethod]
    [DataRow("\"key\":\"3\"", "\"kex\":\"3\"", DisplayName = "a letter in a member's name")]
    [DataRow("\"key\":\"3\"", "\"key\":\"4\"", DisplayName = "a digit in a key")]
    [DataRow("\"probability\":0.", "\"probability\":0.7", DisplayName = "a digit in a probability")]
    [DataRow("\"status\":\"Ok\"", "\"status\":\"Oh\"", DisplayName = "a letter in a status")]
    public async Task A_letter_is_found_and_named_and_a_batch_is_done_again(string text, string damaged)
    {
        string[] undisturbed = await UndisturbedAsync();
        string[] lines = File.ReadAllLines(Path);
        int line = Array.FindIndex(lines, line => line.Contains("\"key\":\"3\"", StringComparison.Ordinal));
        lines[line] = new Regex(Regex.Escape(text)).Replace(lines[line], damaged, 1);
        File.WriteAllLines(Path, lines);

        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Errors, string.Create(CultureInfo.InvariantCulture, $"line {line + 1} of 'explain.journal' is not as it was written"));
        StringAssert.Contains(again.Output, $"{Photos - 2} of {Photos} images were done before");
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
        Assert.AreEqual("", (await ResumeAsync()).Errors, "it is mended");
    }

    [TestMethod]
    public async Task A_line_that_is_gone_is_noticed_also_where_the_rest_is_whole()
    {
        await UndisturbedAsync();
        List<string> lines = [.. File.ReadAllLines(Path)];
        lines.RemoveAt(2);
        File.WriteAllLines(Path, lines);
        CommandResult again = await ResumeAsync();
        StringAssert.Contains(again.Errors, "line 3 of 'explain.journal' does not belong behind the line before it");
        Assert.HasCount(Photos, Results());
    }

    [TestMethod]
    public async Task A_journal_without_its_beginning_is_refused()
    {
        await UndisturbedAsync();
        string[] lines = File.ReadAllLines(Path);
        File.WriteAllLines(Path, [lines[0].Replace("\"model\"", "\"medol\"", StringComparison.Ordinal), .. lines[1..]]);
        Refused(await ResumeAsync(), "says what its run depends on (line 1 of 'explain.journal' is not as it was written)");
    }

    [TestMethod]
    public async Task A_journal_of_an_earlier_version_is_refused()
    {
        await UndisturbedAsync();
        File.WriteAllLines(Path, File.ReadAllLines(Path).Select(line => line[34..]).ToArray());
        Refused(await ResumeAsync(), "another version of this program wrote it");
        Refused(await ExplainAsync(At("photos"), "--save", "npy,overlay,report", "--batch", "2"), "Add --resume");
    }

    [TestMethod]
    [DataRow("\"map\":\\{[^}]*\\},?", "maps/3.npy", DisplayName = "the map")]
    [DataRow("\"overlay\":\\{[^}]*\\},?", "overlays/3.png", DisplayName = "the overlay")]
    [DataRow(",\"plate\":\\{.*\\}(?=\\}\\}$)", "index.html", DisplayName = "what the page shows, as in journals of versions that made pages otherwise")]
    public async Task What_is_to_be_saved_and_is_not_recorded_is_made_again(string member, string file)
    {
        string[] undisturbed = await UndisturbedAsync();

        // Whoever writes such a journal gives it good seals.
        Rewrite(text => text.Contains("\"key\":\"3\"", StringComparison.Ordinal) ? new Regex(member).Replace(text, "", 1) : text);
        File.Delete(At("out", file));
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, $"{Photos - 2} of {Photos} images were done before");
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    [DataRow("\"batch\":\"[^\"]*\",", "", DisplayName = "a member that is missing")]
    [DataRow("\"targets\":\\[.*\\]", "\"targets\":[]", DisplayName = "no target")]
    [DataRow("maps/3", "../3", DisplayName = "a name beside the folder")]
    [DataRow("maps/3", "/maps/3", DisplayName = "a name from the root")]
    [DataRow("maps/3", "maps/../../3", DisplayName = "a name that climbs")]
    [DataRow("maps/3", "results.csv/3", DisplayName = "a name in no folder of results")]
    public async Task A_line_that_no_run_writes_is_not_believed(string pattern, string replacement)
    {
        string[] undisturbed = await UndisturbedAsync();
        Rewrite(text => text.Contains("\"key\":\"3\"", StringComparison.Ordinal) ? new Regex(pattern).Replace(text, replacement) : text);
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Errors, "does not say what a line has to");
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Lines_of_another_run_are_not_taken()
    {
        string[] undisturbed = await UndisturbedAsync();
        byte[] own = File.ReadAllBytes(Path);
        string own2 = At("own.journal");
        File.Move(Path, own2);
        Directory.Delete(Output, recursive: true);
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--save", "npy,overlay,report", "--batch", "2", "--target", "1")).ExitCode);
        byte[] others = File.ReadAllBytes(Path);
        Directory.Delete(Output, recursive: true);
        await ExplainAsync(At("photos"), "--save", "npy,overlay,report", "--batch", "2");
        File.WriteAllBytes(Path, [.. own, .. others]);
        CommandResult again = await ResumeAsync();
        StringAssert.Contains(again.Errors, "is of another run");
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_batch_whose_company_is_another_is_explained_anew()
    {
        await UndisturbedAsync();

        // The first of all: every batch behind it has other members.
        Spot("photos/00.png");
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, $"0 of {Photos + 1} images were done before");
    }

    private async Task<string[]> UndisturbedAsync()
    {
        for (int i = 0; i < Photos; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i}.png"), x: 15 + (9 * i), y: 70 - (6 * i));
        }

        CommandResult result = await ExplainAsync(At("photos"), "--save", "npy,overlay,report", "--batch", "2");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return ResultFolder.Of(Output);
    }

    private Task<CommandResult> ResumeAsync() => ExplainAsync(At("photos"), "--save", "npy,overlay,report", "--batch", "2", "--resume");

    private void Rewrite(Func<string, string> change)
    {
        string[] texts = [.. File.ReadLines(Path).Select(line => SealedLine.Open(Encoding.UTF8.GetBytes(line))!.Value.Text)];
        File.Delete(Path);
        using var file = new JournalFile(Path);
        foreach (string text in texts)
        {
            file.Append(change(text));
        }
    }
}
