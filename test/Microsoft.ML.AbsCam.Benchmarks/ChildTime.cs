using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What a process of its own took, on the clock and of the processor. Linux tells the latter of children that are over, one after the other.</summary>
internal static partial class ChildTime
{
    private const int Children = -1;

    /// <param name="start">Starts the process.</param>
    /// <returns>Milliseconds.</returns>
    public static (double Wall, double Processor) Of(Func<Process> start)
    {
        double before = Used();
        long begin = Stopwatch.GetTimestamp();
        using Process process = start();
        process.WaitForExit();
        double wall = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return process.ExitCode == 0 ? (wall, Used() - before) : throw new InvalidOperationException($"'{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}' ended with exit code {process.ExitCode}.");
    }

    private static double Used()
        => GetUsage(Children, out Usage usage) == 0
            ? (1e3 * (usage.UserSeconds + usage.SystemSeconds)) + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e3)
            : throw new InvalidOperationException("The system does not tell the time of child processes.");

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
