using System.Text;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>
/// Writes a run's rows into Parquet files of so many batches each, every file when its last row is done, while the run goes on. Until then
/// the maps wait in files of their own, so that a run that breaks off loses none.
/// </summary>
internal sealed class ParquetParts : IDisposable
{
    /// <summary>Maps of a file, before they are compressed: what is in memory while it is written.</summary>
    private const long MapBytes = 32 << 20;
    private const int MostImages = 4096;

    private readonly RunPlan _plan;
    private readonly RunJournal _journal;
    private readonly OutputFolder _folder;
    private readonly ExplainedLayers _layers;
    private readonly ParquetMaps _maps;
    private readonly int _batches;
    private readonly int _first;
    private readonly Dictionary<string, int> _partOf = new(StringComparer.Ordinal);
    private readonly int[] _left;
    private Task _writing = Task.CompletedTask;

    public ParquetParts(ExplainSettings settings, RunPlan plan, ExplainedLayers layers, RunJournal journal, OutputFolder folder)
    {
        (_plan, _layers, _journal, _folder, _maps) = (plan, layers, journal, folder, settings.ParquetMaps);
        _batches = BatchesAFile(settings, layers);
        _first = plan.FirstBatch / _batches;
        _left = new int[(plan.Batches.Count + _batches - 1) / _batches];
    }

    public int Count => _left.Length;

    /// <summary>How many batches a file holds. A part of a run is cut between files, so that its files are those of the whole.</summary>
    public static int BatchesAFile(ExplainSettings settings, ExplainedLayers layers)
    {
        long rowBytes = (long)settings.Target.Count * layers.MapHeight * layers.MapWidth * sizeof(float);
        return (int)Math.Max((settings.ParquetImages ?? Math.Min(MapBytes / rowBytes, MostImages)) / settings.Options.BatchSize, 1);
    }

    /// <summary>The batches of a part.</summary>
    public IEnumerable<InputFile[]> BatchesOf(int part) => _plan.Batches.Skip(part * _batches).Take(_batches);

    /// <summary>Whether its file is there as it was written, with the rows that belong into it: photos that come or go move all behind them.</summary>
    public bool IsWhole(int part) => _journal.FindPart(_first + part) is { } line && line.Images == ImagesOf(part) && line.File.IsWhole(_folder.Path);

    /// <summary>Says what will be done, and writes what needs nothing more.</summary>
    public void Begin(IReadOnlySet<InputFile[]> pending)
    {
        for (int part = 0; part < Count; part++)
        {
            foreach (InputFile file in BatchesOf(part).Where(pending.Contains).SelectMany(batch => batch))
            {
                _partOf.Add(file.OutputName, part);
                _left[part]++;
            }

            if (_left[part] == 0 && !IsWhole(part))
            {
                Write(part);
            }
        }
    }

    /// <summary>Says that a row is in the journal.</summary>
    public void Add(JournalRow row)
    {
        int part = _partOf[row.Key];
        if (--_left[part] == 0)
        {
            // One at a time, so that no more than one part is in memory.
            _writing.GetAwaiter().GetResult();
            _writing = Task.Run(() => Write(part));
        }
    }

    /// <summary>Waits for the last file.</summary>
    public void Complete() => _writing.GetAwaiter().GetResult();

    /// <summary>Takes away files of an earlier run that had more images: all that are there are read as one table.</summary>
    public void ForgetOthers() => _folder.ForgetParquetBut(Enumerable.Range(_first, Count).Select(OutputFolder.PartName).ToHashSet());

    public void Dispose() => ((IAsyncResult)_writing).AsyncWaitHandle.WaitOne();

    private string ImagesOf(int part) => ContentHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', BatchesOf(part).SelectMany(batch => batch).Select(file => file.OutputName))));

    private void Write(int part)
    {
        JournalRow[] rows = [.. BatchesOf(part).SelectMany(batch => batch).Select(file => _journal.Find(file.OutputName)!)];
        string name = OutputFolder.PartName(_first + part);
        using AtomicFile file = _folder.NewFile(name);
        ParquetPart.Write(file.Stream, [.. rows.SelectMany(row => row.Targets.Select(target => RowOf(row, target)))], _maps);
        _journal.Add(new PartLine(_first + part, BatchesOf(part).First()[0].Place, file.Complete(name), ImagesOf(part)));
        foreach (KeptFile waiting in rows.SelectMany(row => row.Targets).Select(target => target.Waiting).OfType<KeptFile>())
        {
            _folder.Delete(waiting);
        }
    }

    private ParquetRow RowOf(JournalRow row, JournalTarget target)
    {
        float[]? map = (target.Map ?? target.Waiting) is { } file ? _folder.ReadMap(file, _layers.MapHeight * _layers.MapWidth) : null;
        (int height, int width) = map is null ? (0, 0) : (_layers.MapHeight, _layers.MapWidth);
        return new ParquetRow(row.Image, target.Status, target.Target, target.Label, target.Probability, _layers.Names, height, width, map, target.Question);
    }
}
