using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>
/// Sends files through the pipeline and writes what comes out. Photos are decoded before the network reaches them, and files are written
/// behind it, both on other threads and both bounded; the journal takes the rows in their order.
/// </summary>
internal sealed class ExplainRun(ExplainSettings settings, IRunLog log)
{
    private const int MostFormerNamed = 3;

    private static readonly int Threads = Environment.ProcessorCount;

    private readonly MLContext _context = new(seed: 1);
    private readonly ExplainedLayers _layers = ExplainedLayers.Of(settings.Options, settings.Network);
    private readonly RunPlan _plan = settings.Plan ?? RunPlan.Of(settings.Files, settings.Options.BatchSize);
    private readonly AbsCamEstimator _photos = NewEstimator(settings, nameof(PhotoRow.Image));
    private readonly AbsCamEstimator _tensors = NewEstimator(settings, nameof(PhotoRow.Tensor));
    private readonly NetworkShape _shape = settings.Network.Shape;
    private int _done;

    public RunSummary Summary { get; } = new();

    /// <summary>How many images the run takes.</summary>
    public int Count => _plan.Count;

    /// <summary>How many images are done, also where the run broke off.</summary>
    public int Done => _done;

    /// <exception cref="UsageException">The folder holds another run.</exception>
    /// <exception cref="IOException">Results cannot be written. What is in the journal is done.</exception>
    public void Run(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var folder = new OutputFolder(settings.Output);
        using RunJournal journal = RunStart.Open(folder, settings, _plan, _layers, log);
        foreach (string note in settings.Notes)
        {
            log.Line(note);
        }

        if (journal.End is not null)
        {
            TellAgain(journal);
            return;
        }

        foreach (FeatureLayer layer in _layers.Layers)
        {
            log.Line(string.Create(CultureInfo.InvariantCulture, $"{settings.Network.Name}: layer {layer.Name} ({layer.Operator}, {layer.Channels} x {layer.Height} x {layer.Width}). {layer.Verdict}"));
        }

        using ParquetParts? parts = settings.Save.HasFlag(SaveKinds.Parquet) ? new ParquetParts(settings, _plan, _layers, journal, folder) : null;
        IReadOnlyList<InputFile[]> pending = Pending(journal, parts, folder.Path);
        parts?.Begin(pending.ToHashSet());
        log.Begin("image", _done, _plan.Count, settings.Options.BatchSize);
        bool goesOn = true;
        foreach (IGrouping<bool, InputFile[]> kind in pending.GroupBy(batch => batch[0].IsTensor).TakeWhile(_ => goesOn))
        {
            goesOn = RunOneKind([.. kind.SelectMany(batch => batch)], kind.Key ? _tensors : _photos, new RowOutput(settings, _layers, folder), row => Commit(row, journal, parts), cancellation);
        }

        parts?.Complete();
        TellOfFormerImages(journal);
        Summary.Time = watch.Elapsed;
        RunResults.Write(folder, Known(journal), _done, _layers.Names, settings.Save.HasFlag(SaveKinds.Report) ? Header() : null, Summary);
        if (settings.Save.HasFlag(SaveKinds.Report) && !settings.IsAudited)
        {
            LostFindings.Tell(folder, log);
        }

        if (Summary.Images == _plan.Count)
        {
            parts?.ForgetOthers();
            folder.Finish();
            journal.Finish(new EndLine(Summary.Images, Summary.Explained));
        }
    }

    private void TellAgain(RunJournal journal)
    {
        Summary.WasDone = true;
        foreach (JournalRow row in Known(journal))
        {
            Summary.Add(row);
            if (!row.IsExplained)
            {
                TellTrouble(row);
            }
        }

        log.Line(string.Create(CultureInfo.InvariantCulture, $"'{settings.Output}' holds this run already, and it is done: {Summary.Explained} of {Summary.Images} images are explained. To verify its files, add --resume; to do it anew, --overwrite."));
    }

    /// <summary>What the journal knows of this run's images, in the order of the files.</summary>
    private IEnumerable<JournalRow> Known(RunJournal journal) => _plan.Files.Select(file => journal.Find(file.OutputName)).OfType<JournalRow>();

    /// <summary>A photo that was taken away may come back, so what is known of it is kept; but nobody is to take it for a result of this run.</summary>
    private void TellOfFormerImages(RunJournal journal)
    {
        string[] former = [.. journal.Keys.Except(_plan.Files.Select(file => file.OutputName)).Order(StringComparer.Ordinal)];
        if (former.Length > 0)
        {
            string names = string.Join(", ", former.Take(MostFormerNamed));
            log.Line(string.Create(CultureInfo.InvariantCulture, $"{former.Length} {(former.Length == 1 ? "image" : "images")} of an earlier run into '{settings.Output}' {(former.Length == 1 ? "is" : "are")} not among the files any more ({names}{(former.Length > MostFormerNamed ? ", ..." : "")}): neither table, page nor Parquet files hold them; their maps and overlays are kept, and --overwrite takes them away"));
        }
    }

    // Made before any output is, so that what the library refuses leaves nothing behind.
    private static AbsCamEstimator NewEstimator(ExplainSettings settings, string input) =>
        new MLContext(seed: 1).Transforms.AbsCam(ExplainedColumns.Map, input, settings.Network, Columns(settings));

    private static AbsCamOptions Columns(ExplainSettings settings)
    {
        AbsCamOptions options = ExplainedColumns.In(settings.Options, settings.Target.Kind, settings.Network.Task);
        return settings.Save.HasFlag(SaveKinds.Report) ? ExplainedColumns.WithScores(options, settings.Target.Kind, settings.Network.Task) : options;
    }

    private IReadOnlyList<InputFile[]> Pending(RunJournal journal, ParquetParts? parts, string folder)
    {
        if (journal.Count == 0)
        {
            return _plan.Batches;
        }

        var done = new DoneImages(journal, folder, settings.Save, NewRow);
        IReadOnlyList<InputFile[]> pending = done.Pending(_plan, parts);
        foreach (JournalRow row in done.Failed)
        {
            TellTrouble(row);
        }

        _done = _plan.Count - pending.Sum(batch => batch.Length);
        Summary.Before = _done;
        log.Line(string.Create(CultureInfo.InvariantCulture, $"{_done} of {_plan.Count} images were done before, and their files are whole"));
        return pending;
    }

    private void TellTrouble(JournalRow row) => log.Trouble($"{row.Image}: {row.Targets.First(target => target.Message is not null).Message}");

    private PhotoRow NewRow(InputFile file) => new(file, settings.Decoding, settings.Network, _shape, settings.Target.ByImage?.GetValueOrDefault(file.Name) ?? "", settings.Target.Masks?.Of(file));

    /// <returns>Whether the run goes on.</returns>
    private bool RunOneKind(IReadOnlyList<InputFile> files, AbsCamEstimator estimator, RowOutput output, Action<JournalRow> commit, CancellationToken cancellation)
    {
        PhotoRow[] rows = [.. files.Select(NewRow)];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PhotoRow));
        schema[nameof(PhotoRow.Tensor)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _shape.Channels, _shape.Height, _shape.Width);
        IDataView data = _context.Data.LoadFromEnumerable(rows, schema);

        // A batch that is computed, one that is read, and one that is written are in memory.
        using var photos = new PhotoPrefetch(files[0].IsTensor ? [] : rows, (2 * settings.Options.BatchSize) + Threads, Threads);
        using AbsCamTransformer transformer = estimator.Fit(data);
        IDataView explained = transformer.Transform(data);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema.Where(column => column.Index >= data.Schema.Count));
        using var commits = new OrderedCommits<JournalRow>(2 * Threads, commit);
        var values = new RowValues(cursor);
        bool goesOn = true;
        string batch = "";
        for (int i = 0; i < rows.Length && cursor.MoveNext() && goesOn; i++)
        {
            // A batch is computed as its first row is read; what is computed is written.
            if (cancellation.IsCancellationRequested && i % settings.Options.BatchSize == 0)
            {
                Summary.WasInterrupted = true;
                goesOn = false;
                break;
            }

            var row = ExplainedRow.Of(rows[i], values);

            // All of a batch is read before its first row has values.
            batch = i % settings.Options.BatchSize == 0 ? FileStamp.OfBatch(rows.Skip(i).Take(settings.Options.BatchSize).Select(member => (member.File.OutputName, member.Stamp))) : batch;
            string company = batch;
            bool isTaken = commits.TryAdd(() =>
            {
                try
                {
                    return output.Write(row, company);
                }
                finally
                {
                    photos.Free(row.Row);
                }
            });
            goesOn = isTaken && (row.IsExplained || !settings.StopOnError);
        }

        commits.Complete();
        return goesOn;
    }

    private void Commit(JournalRow row, RunJournal journal, ParquetParts? parts)
    {
        journal.Add(row);
        parts?.Add(row);
        foreach (IGrouping<string, JournalTarget> trouble in row.Targets.Where(target => target.Message is not null).GroupBy(target => target.Message!))
        {
            // What is wrong with all of an image's classes is wrong with the image.
            string which = trouble.Count() == row.Targets.Count ? "" : $" (class {string.Join(", ", trouble.Select(target => target.Label ?? target.Target?.ToString(CultureInfo.InvariantCulture)))})";
            log.Trouble($"{row.Image}: {trouble.Key}{which}");
        }

        log.Progress(++_done);
    }

    private ReportHeader Header() => RunHeader.Of(settings, _plan.Count);
}
