using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>What a worker left: a shard's folder, with its journal open, so that no worker is at it meanwhile.</summary>
internal sealed class WorkerPart : IDisposable
{
    private static readonly string[] Tables = [ResultNames.Results, ResultNames.Page, ResultNames.Journal];
    private static readonly string[] Folders = [.. ResultNames.Folders, ResultNames.Unfinished, ResultNames.PageFiles];

    private readonly FolderLock _lock;

    private WorkerPart(Shard shard, string path, RunJournal journal, RunLine run, FolderLock held) => (Shard, Path, Journal, Run, _lock) = (shard, path, journal, run, held);

    public Shard Shard { get; }

    public string Path { get; }

    public RunJournal Journal { get; }

    /// <summary>What the last worker set out to do.</summary>
    public RunLine Run { get; }

    public string Name => NameOf(Shard);

    public static string NameOf(Shard shard) => $"part {shard}";

    /// <returns>Null where nothing was begun in it.</returns>
    /// <exception cref="UsageException">A worker is at it, or its journal is damaged beyond use.</exception>
    public static WorkerPart? Open(string output, Shard shard)
    {
        string path = System.IO.Path.Combine(output, shard.FolderName);
        string file = System.IO.Path.Combine(path, ResultNames.Journal);
        if (!File.Exists(file))
        {
            return null;
        }

        var held = new FolderLock(path);
        RunJournal journal;
        try
        {
            journal = new RunJournal(file);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        if (journal.Run is { } run)
        {
            return new WorkerPart(shard, path, journal, run, held);
        }

        held.Dispose();
        string? damage = journal.Damages.Count > 0 ? journal.Damages[0] : null;
        journal.Dispose();
        return damage is null ? null : throw new UsageException($"{damage}, and nothing says what its run depends on: delete '{path}' and run it anew.");
    }

    /// <summary>All files that its journal speaks of, as they have to be.</summary>
    public IEnumerable<KeptFile> Files => Journal.Files();

    /// <summary>What lies in the folder and is no result of a run; merging ends with the folder's removal.</summary>
    public IEnumerable<string> Strangers()
        => Directory.EnumerateFiles(Path).Select(System.IO.Path.GetFileName).Except(Tables).Except(FolderLock.Names)
            .Concat(Directory.EnumerateDirectories(Path).Select(System.IO.Path.GetFileName).Except(Folders))
            .OfType<string>();

    /// <summary>Folders of its results that are links: what lies behind them is not the part's, and merging would move it.</summary>
    public IEnumerable<string> Links() => Files
        .SelectMany(file => Above(file.Name))
        .Distinct()
        .Where(folder => new DirectoryInfo(System.IO.Path.Combine(Path, folder)).LinkTarget is not null);

    private static IEnumerable<string> Above(string name)
    {
        for (string? folder = System.IO.Path.GetDirectoryName(name); !string.IsNullOrEmpty(folder); folder = System.IO.Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        _lock.Dispose();
    }
}
