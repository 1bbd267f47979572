using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Waits for what a process does to a folder, so that it can be ended in its midst.</summary>
internal static class FolderEvents
{
    /// <summary>Waits until so much has happened in the folder, or the process is over.</summary>
    public static async Task HappenAsync(string folder, Process process, int count, TimeSpan patience)
    {
        Directory.CreateDirectory(folder);
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = 0;
        void note(object? sender, EventArgs e)
        {
            if (Interlocked.Increment(ref seen) >= count)
            {
                reached.TrySetResult();
            }
        }

        watcher.Changed += note;
        watcher.Created += note;
        watcher.Renamed += note;
        await Task.WhenAny(reached.Task, process.WaitForExitAsync()).WaitAsync(patience);
    }
}
