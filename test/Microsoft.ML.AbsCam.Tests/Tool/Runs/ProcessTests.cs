using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>The command as a process of its own: exit codes as a shell sees them, and Ctrl-C.</summary>
[TestClass]
public class ProcessTests : CommandTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [TestMethod]
    [DataRow("--help", 0)]
    [DataRow("--version", 0)]
    [DataRow("layers none.onnx", 2)]
    public async Task Exit_codes_reach_the_shell(string arguments, int expected)
    {
        using Process process = Start(arguments.Split(' '));
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.AreEqual(expected, process.ExitCode, errors);
        Assert.AreEqual(expected == 0, (await output).Length > 0);
    }

    [TestMethod]
    [DataRow("INT", 130)]
    [DataRow("TERM", 143)]
    public async Task An_interrupted_run_keeps_what_is_done(string signal, int expected)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("needs signals");
        }

        const int photos = 2000;
        byte[] photo = File.ReadAllBytes(Spot("a.png"));
        for (int i = 0; i < photos; i++)
        {
            Write($"photos/{i:0000}.png", photo);
        }

        using Process process = Start(["explain", At("photos"), "--model", Model(), "--output", Output, "--phase", "initial", "--batch", "2", "--save", "npy,overlay,report", .. BrightnessNetwork.Options]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        await FirstRowAsync(process);
        if (signal == "INT" && IgnoresInterrupts(process))
        {
            process.Kill();
            Assert.Inconclusive("a shell that starts tests in the background has them ignore SIGINT, and what they start does so too");
        }

        Assert.AreEqual(0, Signal(process, signal));
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.AreEqual(expected, process.ExitCode, await errors);
        string[][] rows = Results();
        Assert.IsInRange(1, photos - 1, rows.Length);
        Assert.IsTrue(rows.All(row => row[1] == "Ok"));
        foreach (string[] row in rows)
        {
            Map(row[6]);
        }

        Assert.AreEqual(rows.Length, Directory.GetFiles(At("out", "maps")).Length);
        Assert.AreEqual(rows.Length, Directory.GetFiles(At("out", "overlays")).Length);
        Assert.AreEqual(rows.Length, File.ReadAllText(At("out", "index.html")).Split("class=\"row\"").Length - 1);
        Assert.IsEmpty(Directory.GetFiles(Output, "*.tmp"));
        StringAssert.Contains(await errors, $"abscam: interrupted after {rows.Length} of {photos} images; what is done is in '{Output}', and the same command with --resume goes on.");
        StringAssert.Contains(await output, "stopping after the images that are under way");
    }

    private static bool IgnoresInterrupts(Process process) => OperatingSystem.IsLinux() && !process.HasExited
        && File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & 2) != 0;

    /// <summary>Waits until something is done, by watching the file in which it is noted.</summary>
    private async Task FirstRowAsync(Process process)
    {
        Directory.CreateDirectory(Output);
        using var watcher = new FileSystemWatcher(Output, "explain.journal") { NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite, EnableRaisingEvents = true };
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int changes = 0;
        watcher.Changed += (_, _) =>
        {
            // The first says that the run began.
            if (Interlocked.Increment(ref changes) > 2)
            {
                done.TrySetResult();
            }
        };
        await Task.WhenAny(done.Task, process.WaitForExitAsync()).WaitAsync(Patience);
    }

    private static int Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        kill.WaitForExit();
        return kill.ExitCode;
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "abscam.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }
}
