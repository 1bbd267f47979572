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
    {
        // Seconds and microseconds in user mode, then in the system; counts behind them.
        long[] usage = new long[18];
        return GetUsage(Children, ref usage[0]) == 0
            ? (1e3 * (usage[0] + usage[2])) + ((usage[1] + usage[3]) / 1e3)
            : throw new InvalidOperationException("The system does not tell the time of child processes.");
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
