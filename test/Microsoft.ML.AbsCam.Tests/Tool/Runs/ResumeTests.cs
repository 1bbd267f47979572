using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>A run goes on where an earlier one ended, and comes to what one that nothing disturbed comes to.</summary>
[TestClass]
public class ResumeTests : CommandTest
{
    private const int Photos = 7;
    private static readonly string[] Options = ["--batch", "2", "--truth", "folder"];

    [TestMethod]
    public async Task A_run_that_is_over_is_verified_and_nothing_is_done_again()
    {
        await UndisturbedAsync();
        string[] before = ResultFolder.Of(Output);
        DateTime written = File.GetLastWriteTimeUtc(At("out", "maps", "3.npy"));
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, $"{Photos} of {Photos} images were done before, and their files are whole");
        CollectionAssert.AreEqual(before, ResultFolder.Of(Output));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(At("out", "maps", "3.npy")));
    }

    [TestMethod]
    public async Task Damaged_and_missing_results_are_made_again()
    {
        await UndisturbedAsync();
        string[] before = ResultFolder.Of(Output);
        byte[] map = File.ReadAllBytes(At("out", "maps", "2.npy"));
        map[^1] ^= 1;
        File.WriteAllBytes(At("out", "maps", "2.npy"), map);
        File.Delete(At("out", "maps", "5.npy"));
        File.Delete(At("out", "results.csv"));
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, $"{Photos - 4} of {Photos} images were done before", "two batches of two are made again");
        CollectionAssert.AreEqual(before, ResultFolder.Of(Output));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(7)]
    public async Task A_journal_that_breaks_off_is_gone_on_with(int kept)
    {
        await UndisturbedAsync();
        string[] before = ResultFolder.Of(Output);
        string[] lines = File.ReadAllLines(At("out", "explain.journal"));
        File.WriteAllText(At("out", "explain.journal"), string.Concat(lines[..(kept + 1)].Select(line => line + "\n")) + lines[^1][..10]);
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        CollectionAssert.AreEqual(before, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_file_that_vanished_and_is_back_is_explained_with_its_company()
    {
        string[] undisturbed = await UndisturbedAsync();
        Directory.Delete(Output, recursive: true);
        File.Move(At("photos", "3.png"), At("elsewhere.png"));
        File.CreateSymbolicLink(At("photos", "3.png"), At("nowhere.png"));
        Refused(await StartAsync(), "3.png: ", exitCode: 1);
        Refused(await ResumeAsync(), "3.png: ", exitCode: 1);
        File.Delete(At("photos", "3.png"));
        File.Move(At("elsewhere.png"), At("photos", "3.png"));
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_file_that_changed_is_explained_anew()
    {
        await UndisturbedAsync();
        Spot("photos/3.png", x: 70, y: 20);
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        string[] resumed = ResultFolder.Of(Output);
        Directory.Delete(Output, recursive: true);
        await StartAsync();
        CollectionAssert.AreEqual(ResultFolder.Of(Output), resumed);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task A_pipe_among_the_photos_is_named_and_keeps_nobody_waiting()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("needs named pipes in the file system");
        }

        string[] undisturbed = await UndisturbedAsync();
        Directory.Delete(Output, recursive: true);
        File.Move(At("photos", "3.png"), At("elsewhere.png"));
        using (Process pipe = Process.Start("mkfifo", At("photos", "3.png")))
        {
            await pipe.WaitForExitAsync();
        }

        Refused(await StartAsync(), "3.png: ", exitCode: 1);
        File.Delete(At("photos", "3.png"));
        File.Move(At("elsewhere.png"), At("photos", "3.png"));
        Assert.AreEqual(0, (await ResumeAsync()).ExitCode);
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Photos_that_come_later_are_added()
    {
        await UndisturbedAsync();
        Spot("photos/a.png");
        CommandResult again = await ResumeAsync();
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        Assert.HasCount(Photos + 1, Results());
        StringAssert.Contains(again.Output, $"{Photos - 1} of {Photos + 1} images were done before", "the last batch has a new member");
    }

    [TestMethod]
    [DataRow("parquet")]
    [DataRow("npy,parquet")]
    public async Task A_Parquet_file_is_made_again_from_what_is_kept_or_else_anew(string save)
    {
        AddPhotos();
        string[] options = [.. Options, "--save", save, "--parquet-images", "4"];
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), options)).ExitCode);
        string[] undisturbed = ResultFolder.Of(Output);
        string[] parts = [.. undisturbed.Where(line => line.StartsWith("parquet/", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])];
        CollectionAssert.AreEqual((string[])["parquet/part-00000.parquet", "parquet/part-00001.parquet"], parts);
        Assert.IsFalse(Directory.Exists(At("out", ".waiting")));

        File.Delete(At("out", "parquet", "part-00001.parquet"));
        CommandResult again = await ExplainAsync(At("photos"), [.. options, "--resume"]);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, $"{(save == "parquet" ? 4 : Photos)} of {Photos} images were done before");
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_run_that_is_not_over_is_not_begun_anew_unasked()
    {
        await UndisturbedAsync();
        string[] lines = File.ReadAllLines(At("out", "explain.journal"));
        File.WriteAllText(At("out", "explain.journal"), string.Concat(lines[..^1].Select(line => line + "\n")));
        Refused(await StartAsync(), $"holds a run that is not over: {Photos} images are done. Add --resume to go on with it.");
        Assert.AreEqual(0, (await ResumeAsync()).ExitCode);
        Assert.AreEqual(0, (await StartAsync()).ExitCode, "one that is over may be begun anew");
    }

    [TestMethod]
    [DataRow("method", "--method", "grad-cam")]
    [DataRow("preprocessing", "--resize", "squash")]
    [DataRow("outputs", "--save", "npy")]
    [DataRow("target", "--target", "1")]
    [DataRow("decoding", "--decode", "whole")]
    [DataRow("options", "--engine", "torchsharp")]
    public async Task A_run_of_other_options_is_not_gone_on_with(string what, params string[] others)
    {
        await UndisturbedAsync();
        CommandResult result = await ExplainAsync(At("photos"), [.. Options, .. others, "--resume"]);
        Refused(result, "holds another run (other ");
        StringAssert.Contains(result.Errors.Split(')')[0], what);
    }

    [TestMethod]
    public async Task Two_processes_do_not_work_in_one_folder()
    {
        await UndisturbedAsync();
        using FileStream other = new(At("out", "explain.journal"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Refused(await ResumeAsync(), "If another run is at work in this folder");
    }

    [TestMethod]
    public async Task Without_a_run_to_go_on_with_one_is_begun()
    {
        AddPhotos();
        Assert.AreEqual(0, (await ResumeAsync()).ExitCode);
        Assert.HasCount(Photos, Results());
    }

    private async Task<string[]> UndisturbedAsync()
    {
        AddPhotos();
        CommandResult result = await StartAsync();
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return ResultFolder.Of(Output);
    }

    private void AddPhotos()
    {
        for (int i = 0; i < Photos; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i}.png"), x: 15 + (9 * i), y: 70 - (6 * i));
        }
    }

    private Task<CommandResult> StartAsync() => ExplainAsync(At("photos"), Options);

    private Task<CommandResult> ResumeAsync() => ExplainAsync(At("photos"), [.. Options, "--resume"]);
}
