using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>The job script of the documentation, submitted to a real Slurm of one node that the test starts and ends.</summary>
[TestClass]
[TestCategory("Slurm")]
public partial class SlurmTests : CommandTest
{
    private const int PerClass = 8;
    private static readonly string[] Programs = ["sinfo", "sbatch", "slurmctld", "slurmd", "munged"];

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_task_that_is_killed_and_requeued_leaves_no_trace_in_the_merged_results()
    {
        SkipWithoutSlurm();
        string cifar = SharedData.PathOrSkip("images", "cifar10");
        foreach (string picture in Directory.GetDirectories(cifar).SelectMany(folder => Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(PerClass)))
        {
            Write(Path.Combine("pictures", Path.GetRelativePath(cifar, picture)), File.ReadAllBytes(picture));
        }

        // Slow enough that a task can be killed in its midst.
        string[] options =
        [
            At("pictures"), "--model", SharedData.PathOrSkip("models", "resnet20-cifar10.onnx"), "--labels", SharedData.PathOrSkip("models", "cifar10-labels.txt"),
            "--method", "smooth(grad-cam,samples=4)", "--batch", "4",
        ];
        string tests = Path.Combine(Repository.Root, "test", "slurm");
        await ShellAsync(Path.Combine(tests, "cluster.sh"), [At("cluster"), Path.Combine(tests, "requeue.sh"), At("tasks"), Path.Combine(AppContext.BaseDirectory, "abscam.dll"), Output, .. options]);

        string killed = File.ReadAllText(At("tasks", "task-1.log"));
        StringAssert.Contains(killed, "abscam ended with 137; requeueing");
        StringAssert.Matches(killed, DoneBefore());
        string[] journal = File.ReadAllLines(At("out", "part-0001-of-0004", "explain.journal"));
        Assert.HasCount(2, journal.Where(line => line.Contains(" {\"run\":", StringComparison.Ordinal)));

        CommandResult merged = await RunAsync("merge", Output);
        Assert.AreEqual(0, merged.ExitCode, merged.Errors);
        StringAssert.Contains(merged.Output, "explained 80 of 80 images, 80 maps");

        // One thread, as each task has: more would add in another order.
        await ShellAsync("env", ["OMP_NUM_THREADS=1", "dotnet", Path.Combine(AppContext.BaseDirectory, "abscam.dll"), "explain", .. options, "--output", At("one")]);
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));
    }

    [GeneratedRegex("^([89]|1[0-9]) of [0-9]+ images were done before, and their files are whole$", RegexOptions.Multiline)]
    private static partial Regex DoneBefore();

    private static void SkipWithoutSlurm()
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];
        string[] missing = [.. Programs.Where(program => !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, program))))];
        if (missing.Length > 0)
        {
            Assert.Inconclusive($"needs Slurm (apt-get install slurm-wlm munge): {string.Join(", ", missing)} not found");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("needs root, as Slurm's daemons do");
        }
    }

    private async Task ShellAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.AreEqual(0, process.ExitCode, $"{await errors}{await output}");
    }

    public TestContext TestContext { get; set; } = null!;
}
