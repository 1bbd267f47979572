using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>Whatever happens to the process or to its disk, the run goes on from there and loses nothing.</summary>
[TestClass]
public class KilledRunTests : CommandTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How many times as often as usually runs are killed: ABSCAM_KILLS, else once. The moments are other ones then.</summary>
    private static int Often => int.TryParse(Environment.GetEnvironmentVariable("ABSCAM_KILLS"), CultureInfo.InvariantCulture, out int times) ? Math.Clamp(times, 1, 10) : 1;

    [TestMethod]
    [DataRow(2, "npy,overlay,report")]
    [DataRow(1, "parquet,report")]
    public async Task Killed_at_random_moments_a_run_comes_to_the_same_result(int usual, string save)
    {
        NeedsSignals();
        int kills = usual * Often;
        int photos = Sweep.Of(40, 80);
        AddPhotos(photos);
        string[] explain = Explain("--save", save, "--parquet-images", "16");
        string[] undisturbed = await UndisturbedAsync(explain);
        Assert.AreEqual(kills, await KillAndResumeAsync(kills, [.. explain, "--resume"], photos));
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Killed_at_random_moments_a_comparison_comes_to_the_same_result()
    {
        NeedsSignals();
        int photos = Sweep.Of(12, 24);
        AddPhotos(photos);
        string[] compare = ["compare", At("photos"), "--model", Model(), "--methods", "abs-cam,grad-cam", "--steps", "4", "--batch", "2", "--output", Output, .. BrightnessNetwork.Options];
        Assert.AreEqual(0, (await RunAsync(compare)).ExitCode);
        string[] undisturbed = ResultFolder.Of(Output);
        Directory.Delete(Output, recursive: true);
        await KillAndResumeAsync(Often, [.. compare, "--resume"], photos);
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task On_a_full_disk_a_run_stops_and_goes_on_when_there_is_room()
    {
        AddPhotos(40);
        string[] undisturbed = await UndisturbedAsync();
        Directory.CreateDirectory(Output);
        if (!Run("mount", "-t", "tmpfs", "-o", "size=500k", "none", Output))
        {
            Assert.Inconclusive("needs the right to mount a small file system");
        }

        try
        {
            CommandResult full = await RunAsync(Explain());
            Refused(full, "because results cannot be written", exitCode: 3);
            StringAssert.Contains(full.Errors, "the same command with --resume goes on");
            Assert.IsEmpty(Directory.GetFiles(Output, "results.csv"));
            Refused(await RunAsync(Explain("--resume")), "because results cannot be written", exitCode: 3);
            Assert.IsTrue(Run("mount", "-o", "remount,size=64m", Output));
            CommandResult again = await RunAsync(Explain("--resume"));
            Assert.AreEqual(0, again.ExitCode, again.Errors);
            StringAssert.Contains(again.Output, "images were done before");
            CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
        }
        finally
        {
            Assert.IsTrue(Run("umount", Output));
        }
    }

    [TestMethod]
    public async Task A_folder_that_becomes_read_only_stops_the_run_and_loses_nothing()
    {
        NeedsSignals();
        AddPhotos(Sweep.Of(40, 70));
        string[] undisturbed = await UndisturbedAsync();
        if (Environment.IsPrivilegedProcess && !(Run("setpriv", "--version") && Run("chmod", "-R", "a+rwX", Folder)))
        {
            Assert.Inconclusive("needs a user whom file permissions bind");
        }

        Directory.CreateDirectory(Output);
        Run("chmod", "a+rwx", Output);
        using Process process = Start(Explain("--resume"), asAnybody: true);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await FolderEvents.HappenAsync(Output, process, 30, Patience);
        Assert.IsTrue(Run("chmod", "-R", "a-w", Output));
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.AreEqual(3, process.ExitCode, await errors);
        StringAssert.Contains(await errors, "because results cannot be written");
        Assert.IsTrue(Run("chmod", "-R", "a+w", Output));
        CommandResult again = await RunAsync(Explain("--resume"));
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    /// <returns>How many processes were killed.</returns>
    private async Task<int> KillAndResumeAsync(int kills, string[] command, int photos)
    {
        // What a run does at most in the file system, shared out so that the last kill still finds it at work.
        var random = new Random(1);
        int most = photos * 5 / Math.Max(kills, 2);
        int killed = 0;
        while (killed < kills)
        {
            using Process process = Start(command);
            _ = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await FolderEvents.HappenAsync(Output, process, random.Next(1, most), Patience);
            if (process.HasExited)
            {
                Assert.AreEqual(0, process.ExitCode, await errors);
                break;
            }

            process.Kill();
            await process.WaitForExitAsync().WaitAsync(Patience);
            killed++;
            Assert.IsEmpty(Half(), "no file has its name before it is whole");
        }

        CommandResult last = await RunAsync(command);
        Assert.AreEqual(0, last.ExitCode, last.Errors);
        return killed;
    }

    /// <summary>Maps that are not whole arrays, pictures that are not whole.</summary>
    private string[] Half()
    {
        string[] files = Directory.Exists(Output) ? Directory.GetFiles(Output, "*", SearchOption.AllDirectories) : [];
        return [.. files.Where(path => !path.Contains(".unfinished", StringComparison.Ordinal)).Where(path => Path.GetExtension(path) switch
        {
            ".npy" => new FileInfo(path).Length != 128 + (BrightnessNetwork.Size * BrightnessNetwork.Size * sizeof(float)),
            ".png" => !File.ReadAllBytes(path).AsSpan()[^8..^4].SequenceEqual("IEND"u8),
            ".html" => !File.ReadAllText(path).EndsWith("</html>\n", StringComparison.Ordinal),
            _ => false,
        })];
    }

    private async Task<string[]> UndisturbedAsync(string[]? explain = null)
    {
        CommandResult result = await RunAsync(explain ?? Explain());
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[] content = ResultFolder.Of(Output);
        Directory.Delete(Output, recursive: true);
        return content;
    }

    private string[] Explain(params string[] more) => ["explain", At("photos"), "--model", Model(), "--output", Output, "--batch", "2", .. BrightnessNetwork.Options, .. more];

    private void AddPhotos(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i:000}.png"), x: 15 + (i % 60), y: 80 - (i % 53));
        }
    }

    private static void NeedsSignals()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("needs signals and file modes");
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string[] arguments, bool asAnybody = false)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "abscam.dll"), .. arguments];
        if (asAnybody && Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent", "DOTNET_CLI_HOME=/nonexistent", .. command];
        }

        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }
}
