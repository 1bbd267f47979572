using System.Collections.Concurrent;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Tells what of a plan is done, and looks whether it still is: every file that the journal speaks of is read again.</summary>
internal sealed class DoneImages(RunJournal journal, string folder, SaveKinds save, Func<InputFile, PhotoRow> open)
{
    private readonly ConcurrentQueue<JournalRow> _failed = [];

    /// <summary>Images that were found done and have no map, with the reason.</summary>
    public IEnumerable<JournalRow> Failed => _failed.OrderBy(row => row.Image, StringComparer.Ordinal);

    /// <summary>
    /// The batches in which something is left to do. The images of a batch are explained anew together: another company could change the
    /// last bits of their maps.
    /// </summary>
    /// <param name="plan">All batches.</param>
    /// <param name="parts">The Parquet files; null where there are none.</param>
    public IReadOnlyList<InputFile[]> Pending(RunPlan plan, ParquetParts? parts)
        => parts is null
            ? [.. plan.Batches.AsParallel().AsOrdered().Where(batch => !IsDone(batch))]
            : [.. Enumerable.Range(0, parts.Count).AsParallel().AsOrdered().SelectMany(part => Pending([.. parts.BatchesOf(part)], parts.IsWhole(part)))];

    /// <summary>A Parquet file in which a row is wrong is written anew, and needs the maps of all its rows.</summary>
    private IEnumerable<InputFile[]> Pending(InputFile[][] part, bool isWhole)
    {
        bool[] done = [.. part.Select(IsDone)];
        return isWhole && Array.TrueForAll(done, isDone => isDone) ? [] : part.Where((batch, i) => !done[i] || !HasMaps(batch));
    }

    private bool HasMaps(InputFile[] batch)
        => batch.All(file => journal.Find(file.OutputName)!.Targets.All(target => target.Status != nameof(MapStatus.Ok) || (target.Map ?? target.Waiting)?.IsWhole(folder) == true));

    private bool IsDone(InputFile[] batch)
    {
        var failed = new List<JournalRow>();
        string stamp = FileStamp.OfBatch(batch.Select(file => (file.OutputName, FileStamp.Of(file.Path))));
        foreach (InputFile file in batch)
        {
            if (journal.Find(file.OutputName) is not { } row
                || row.Batch != stamp
                || (row.Plate is null && save.HasFlag(SaveKinds.Report))
                || !row.Targets.All(target => IsRecorded(target, file))
                || !row.Targets.SelectMany(target => target.Files).All(kept => kept.IsWhole(folder))
                || (row.Targets.Any(target => target.Status == nameof(MapStatus.UnreadableImage)) && IsReadable(file)))
            {
                return false;
            }

            if (!row.IsExplained)
            {
                failed.Add(row);
            }
        }

        failed.ForEach(_failed.Enqueue);
        return true;
    }

    /// <summary>Whether the journal speaks of all that is to be saved.</summary>
    private bool IsRecorded(JournalTarget target, InputFile file)
    {
        bool isExplained = target.Status == nameof(MapStatus.Ok);
        return (!isExplained || target.Map is not null || !save.HasFlag(SaveKinds.Npy))
            && (!isExplained || target.Overlay is not null || file.IsTensor || !save.HasFlag(SaveKinds.Overlay))
            && (!isExplained || (target.Map ?? target.Waiting) is not null || !save.HasFlag(SaveKinds.Parquet));
    }

    /// <summary>What could not be read, for want of a permission or a network drive, may be readable now.</summary>
    private bool IsReadable(InputFile file)
    {
        PhotoRow row = open(file);
        try
        {
            return file.IsTensor ? row.Tensor.Length > 0 : row.Image is not null;
        }
        finally
        {
            row.Release();
        }
    }
}
