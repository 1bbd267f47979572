using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>
/// Keeps a folder to one process while it writes there. The system holds the lock, and lets go of it when the process ends, however it
/// ends; what is written beside it only says whose it is.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = ".lock";
    private const string OwnerName = ".lock-owner";

    private readonly FileStream _lock;
    private readonly string _owner;

    /// <param name="folder">A folder that is there.</param>
    /// <exception cref="UsageException">Another process writes there.</exception>
    public FolderLock(string folder)
    {
        _owner = Path.Combine(folder, OwnerName);
        try
        {
            _lock = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new UsageException($"Another run is at work in the folder '{folder}'{Owner()}. Wait for it, or give another folder with --output. ({e.Message})");
        }

        try
        {
            File.WriteAllText(_owner, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC"));
        }
        catch (IOException)
        {
            // On a full disk the lock holds without a note.
        }
    }

    /// <summary>The names of its files, which are no results.</summary>
    public static IReadOnlyList<string> Names { get; } = [LockName, OwnerName];

    public void Dispose()
    {
        try
        {
            File.Delete(_owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that can be written to no more keeps the note, and the next process replaces it.
        }

        _lock.Dispose();
    }

    private string Owner()
    {
        try
        {
            return $" ({File.ReadAllText(_owner)})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
