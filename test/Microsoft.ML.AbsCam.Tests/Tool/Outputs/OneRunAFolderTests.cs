using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs;

/// <summary>A folder holds one run's results, of one process at a time.</summary>
[TestClass]
public class OneRunAFolderTests : CommandTest
{
    [TestMethod]
    public async Task A_second_process_is_refused_with_the_first_ones_number_and_time()
    {
        Spot("photos/a.png");
        Directory.CreateDirectory(Output);
        string year = DateTime.UtcNow.Year.ToString(CultureInfo.InvariantCulture);
        using (new FolderLock(Output))
        {
            Refused(await ExplainAsync(At("photos")), $"Another run is at work in the folder '{Output}' (process {Environment.ProcessId} on {Environment.MachineName}, since {year}-");
            Refused(await RunAsync("compare", At("photos"), "--model", Model(), "--output", Output), "Another run is at work");
        }

        Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
        CollectionAssert.AreEqual((string[])["explain.journal", "index.html", "results.csv"], Directory.GetFiles(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public async Task The_lock_of_a_dead_process_is_taken_over()
    {
        Spot("photos/a.png");

        // What one leaves that is killed.
        Write("out/.lock", "");
        Write("out/.lock-owner", "process 4194304 on elsewhere, since 2020-01-01 00:00:00 UTC");
        CommandResult result = await ExplainAsync(At("photos"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.IsEmpty(Directory.GetFiles(Output, ".lock*"));
    }

    [TestMethod]
    public async Task A_part_that_a_worker_is_at_is_named_with_the_worker()
    {
        Spot("photos/a.png");
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--shard", "0/1")).ExitCode);
        using (new FolderLock(At("out", "part-0000-of-0001")))
        {
            Refused(await RunAsync("merge", Output), $"part 0/1: Another run is at work in the folder '{At("out", "part-0000-of-0001")}' (process {Environment.ProcessId} on ");
        }

        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
    }

    [TestMethod]
    public async Task The_same_command_into_a_finished_folder_has_nothing_to_do()
    {
        Spot("photos/a.png");
        Write("photos/broken.png", "no picture");
        Assert.AreEqual(1, (await ExplainAsync(At("photos"))).ExitCode);
        string[] before = ResultFolder.Of(Output);
        DateTime written = File.GetLastWriteTimeUtc(At("out", "results.csv"));
        CommandResult again = await ExplainAsync(At("photos"));
        Assert.AreEqual(1, again.ExitCode, "as of the run");
        StringAssert.Contains(again.Output, "holds this run already, and it is done: 1 of 2 images are explained. To verify its files, add --resume; to do it anew, --overwrite.");
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(At("out", "results.csv")));

        Assert.AreEqual(1, (await ExplainAsync(At("photos"), "--overwrite")).ExitCode);
        Assert.AreNotEqual(written, File.GetLastWriteTimeUtc(At("out", "results.csv")));
        CollectionAssert.AreEqual(before, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Other_results_are_not_mixed_in()
    {
        Spot("photos/a.png");
        Spot("photos/b.png");
        Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
        Refused(await ExplainAsync(At("photos"), "--target", "1"), "holds another run (other options, target), which is done, and its results would be mixed with this one's. To begin anew, add --overwrite");
        Refused(await ExplainAsync(At("photos", "a.png")), "holds this run of other files");
        Spot("photos/b.png", x: 70);
        Refused(await ExplainAsync(At("photos")), "2 of 2 images, or their company in a batch, are new or changed since. Add --resume");
        Refused(await ExplainAsync(At("photos"), "--resume", "--overwrite"), "Give one of them");
        Refused(await RunAsync("compare", At("photos"), "--model", Model(), "--output", Output, "--overwrite"), "holds 'explain.journal', a result of another command");

        File.Delete(At("photos", "b.png"));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--overwrite")).ExitCode);
        CollectionAssert.AreEqual((string[])["a.npy"], Directory.GetFiles(At("out", "maps")).Select(Path.GetFileName).ToArray(), "nothing of the earlier run is left");

        File.Delete(At("out", "explain.journal"));
        Refused(await ExplainAsync(At("photos"), "--overwrite"), "holds 'maps/a.npy', and no journal of a run that made it");
    }

    [TestMethod]
    public async Task A_finished_comparison_is_told_again_and_begun_anew_when_asked()
    {
        Spot("photos/a.png");
        string[] compare = ["compare", At("photos"), "--model", Model(), "--methods", "grad-cam", "--measures", "drop", "--output", Output, .. BrightnessNetwork.Options];
        Assert.AreEqual(0, (await RunAsync(compare)).ExitCode);
        string[] before = ResultFolder.Of(Output);
        byte[] journal = File.ReadAllBytes(At("out", "comparison.journal"));
        CommandResult again = await RunAsync(compare);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, "holds this comparison already, and it is done");
        CollectionAssert.AreEqual(journal, File.ReadAllBytes(At("out", "comparison.journal")));
        Refused(await ExplainAsync(At("photos"), "--overwrite"), "holds 'comparison.journal'");

        Spot("photos/a.png", x: 70);
        Refused(await RunAsync(compare), "Add --resume to go on with them, or --overwrite to begin anew");
        Assert.AreEqual(0, (await RunAsync([.. compare, "--overwrite"])).ExitCode);
        CollectionAssert.AreNotEqual(before, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Of_two_at_once_one_is_refused_and_the_other_is_whole()
    {
        for (int i = 0; i < 30; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i:00}.png"));
        }

        string[] explain = [Path.Combine(AppContext.BaseDirectory, "abscam.dll"), "explain", At("photos"), "--model", Model(), "--output", Output, "--phase", "initial", "--batch", "1", .. BrightnessNetwork.Options];
        Process[] both = [.. Enumerable.Range(0, 2).Select(_ => Process.Start(new ProcessStartInfo("dotnet", explain) { RedirectStandardError = true, RedirectStandardOutput = true })!)];
        string[] errors = await Task.WhenAll(both.Select(process => process.StandardError.ReadToEndAsync()));
        await Task.WhenAll(both.Select(process => process.WaitForExitAsync()));
        int[] codes = [.. both.Select(process => process.ExitCode)];
        Array.ForEach(both, process => process.Dispose());

        // Where one was over before the other began, that one found it done.
        Assert.Contains(0, codes, string.Join("; ", errors));
        Assert.IsTrue(codes.Zip(errors).All(run => run.First == 0 || (run.First == 2 && run.Second.Contains("Another run is at work", StringComparison.Ordinal))), string.Join("; ", errors));
        Assert.HasCount(30, Results());
    }
}
