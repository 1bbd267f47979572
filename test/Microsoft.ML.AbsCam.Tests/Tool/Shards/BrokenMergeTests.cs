using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>A merge that was ended in its midst is done again, and then it is as if it had not been.</summary>
[TestClass]
public class BrokenMergeTests : ShardTest
{
    private static readonly string[] Options = ["--save", "npy,overlay,report,parquet", "--parquet-images", "8"];

    [TestMethod]
    [DataRow("maps/00.npy", DisplayName = "at the first file")]
    [DataRow("overlays/11.png", DisplayName = "in the midst")]
    [DataRow("maps/22.npy", DisplayName = "near the last file")]
    [DataRow("parquet/part-00001.parquet", DisplayName = "at a Parquet file")]
    [DataRow("results.csv", DisplayName = "at the table")]
    [DataRow("index.html", DisplayName = "at the page")]
    public async Task A_merge_that_was_broken_off_is_repeated(string obstacle)
    {
        await PartsAsync(Options);
        await WholeAsync(Options);

        // Nothing can be renamed to a folder that has something in it.
        string inTheWay = At("out", obstacle);
        Write($"out/{obstacle}/stone", "");
        Assert.AreNotEqual(0, (await RunAsync("merge", Output)).ExitCode);
        Directory.Delete(inTheWay, recursive: true);

        CommandResult again = await RunAsync("merge", Output);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_merge_that_was_killed_while_it_tried_to_write_leaves_nothing_behind()
    {
        await PartsAsync(Options);
        await WholeAsync(Options);
        Write("out/.write-test-00000000000000000000000000000000", "");

        CommandResult again = await RunAsync("merge", Output);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_merge_that_is_killed_at_random_moments_is_repeated()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("needs signals");
        }

        await PartsAsync(Options);
        await WholeAsync(Options);
        var random = new Random(1);
        int killed = 0;
        for (int i = 0; i < 4; i++)
        {
            using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "abscam.dll"), "merge", Output]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            await FolderEvents.HappenAsync(Output, process, i == 0 ? 1 : random.Next(1, 60), TimeSpan.FromMinutes(1));
            killed += process.HasExited ? 0 : 1;
            process.Kill();
            await process.WaitForExitAsync();
            if (!Directory.EnumerateDirectories(Output, "part-*").Any())
            {
                break;
            }
        }

        Assert.IsGreaterThan(0, killed);
        CommandResult last = await RunAsync("merge", Output);
        Assert.IsTrue(last.ExitCode == 0 || last.Errors.Contains("holds no parts", StringComparison.Ordinal), last.Errors);
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output).Where(line => !line.StartsWith(".lock", StringComparison.Ordinal) && !line.StartsWith(".unfinished/", StringComparison.Ordinal)).ToArray());
    }

    [TestMethod]
    public async Task Parts_that_a_whole_merge_left_are_taken_away()
    {
        await PartsAsync();
        Copy(Output, At("kept"));
        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        string[] whole = ResultFolder.Of(Output);

        // As it is when only some of the parts were gone: their files had been moved.
        foreach (int index in new[] { 1, 2 })
        {
            Directory.CreateDirectory(Part(index));
            File.Copy(Path.Combine(At("kept"), Path.GetFileName(Part(index)), "explain.journal"), Path.Combine(Part(index), "explain.journal"));
        }

        CommandResult again = await RunAsync("merge", Output);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, "was merged before; what was left of its parts is gone");
        CollectionAssert.AreEqual(whole, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Parts_that_were_made_anew_after_a_merge_are_merged_anew()
    {
        await PartsAsync();
        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        File.Copy(At("photos", "22.png"), At("photos", "00.png"), overwrite: true);
        byte[] before = File.ReadAllBytes(At("out", "maps", "00.npy"));

        await ShardsAsync(3);
        CommandResult again = await RunAsync("merge", Output);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, "explained 23 of 23 images");
        CollectionAssert.AreNotEqual(before, File.ReadAllBytes(At("out", "maps", "00.npy")));
        CollectionAssert.AreEqual(File.ReadAllBytes(At("out", "maps", "22.npy")), File.ReadAllBytes(At("out", "maps", "00.npy")));
    }

    [TestMethod]
    public async Task A_part_that_a_worker_is_at_is_not_touched()
    {
        await PartsAsync();
        using (new FileStream(Path.Combine(Part(1), "explain.journal"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await NothingIsMergedAsync("part 1/3: The journal '");
        }

        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
