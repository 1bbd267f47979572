using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Takes photos a batch at a time through every method that the journal does not know yet, and sums up the journal in tables and a page at the end.</summary>
internal sealed class ComparisonRun(ComparisonSettings settings, IRunLog log)
{
    private readonly NetworkShape _shape = settings.Network.Shape;
    private readonly ShownMaps _maps = new(settings);
    private int _done;

    /// <returns>The results; null where the run was interrupted.</returns>
    public Comparison? Run(CancellationToken cancellation)
    {
        using var folder = new OutputFolder(settings.Output);
        CheckThatNothingIsMixed(folder);
        using var journal = new ComparisonJournal(settings.Output, settings.Identity, settings.Overwrite);
        CheckThatItMayGoOn(journal);
        foreach (string damage in journal.Damages)
        {
            log.Trouble($"{damage}. What is not known for certain any more is measured anew.");
        }

        foreach (string note in settings.Notes)
        {
            log.Line(note);
        }

        using var measurer = new BatchMeasurer(settings);
        MeasuredBatch[] batches = [.. settings.Files.Index().Chunk(settings.Options.BatchSize).Select(files => new MeasuredBatch(files, StampOf(files.Select(pair => pair.Item))))];
        Dictionary<string, string> stamps = batches.SelectMany(batch => batch.Files.Select(file => (file.Item.Name, batch.Stamp))).ToDictionary();
        int known = batches.Sum(batch => batch.Files.Length * settings.Sources.Count(source => IsKnown(journal, source, batch)));
        int all = settings.Files.Count * settings.Sources.Count;
        _done = known;
        log.Begin("map", _done, all, settings.Options.BatchSize);
        foreach (MeasuredBatch batch in batches)
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            MeasureNew(journal, measurer, batch, cancellation);
        }

        if (cancellation.IsCancellationRequested)
        {
            return null;
        }

        var whole = new DataSetMeasures(settings).Asked();
        string stampOfAll = StampOfAll();
        foreach (MethodSource source in settings.Sources.OfType<MethodSource>())
        {
            foreach ((string kind, Func<SaliencyMethod, IReadOnlyList<DataSetValue>> run) in whole.Where(asked => journal.FindWhole(asked.Kind, source.Name, stampOfAll) is null))
            {
                if (cancellation.IsCancellationRequested)
                {
                    return null;
                }

                log.Line($"{kind}: {source.Name}");
                journal.Add(new DataSetEntry(kind, source.Name, stampOfAll, [.. run(source.Method)]));
            }
        }

        if (known > 0)
        {
            log.Line(string.Create(CultureInfo.InvariantCulture, $"{known} of {all} maps were measured before and taken from {ComparisonJournal.FileName}"));
        }

        Comparison comparison = Comparison.Of(settings, (source, file) => journal.Find(source.Name, file.Name, stamps[file.Name])!, source => whole.SelectMany(asked => journal.FindWhole(asked.Kind, source.Name, stampOfAll)?.Results ?? []));

        // While the folder is still this process's.
        ComparisonFiles.Write(settings.Output, settings, comparison);
        ComparisonPage.Write(settings.Output, settings, comparison);
        return comparison;
    }

    private void CheckThatNothingIsMixed(OutputFolder folder)
    {
        if (folder.FindOthersResult(ComparisonJournal.FileName) is { } result)
        {
            throw new UsageException($"The folder '{folder.Path}' holds '{result}', a result of another command, and this one's would be mixed with it. Give another folder with --output.");
        }

        if (settings.Overwrite)
        {
            ComparisonFiles.Forget(folder.Path);
        }
    }

    /// <summary>One that is done is told again from its journal; one that is not is gone on with where that is asked for.</summary>
    private void CheckThatItMayGoOn(ComparisonJournal journal)
    {
        if (settings.Resume || journal.Count == 0)
        {
            return;
        }

        bool isDone = settings.Files.Index().Chunk(settings.Options.BatchSize).Select(files => new MeasuredBatch(files, StampOf(files.Select(pair => pair.Item))))
            .All(batch => settings.Sources.All(source => IsKnown(journal, source, batch)));
        if (!isDone)
        {
            throw new UsageException($"The folder '{settings.Output}' holds {journal.Count} measured maps of an earlier comparison, which is not over or not all of this one. Add --resume to go on with them, or --overwrite to begin anew, or give another folder with --output.");
        }

        log.Line($"'{settings.Output}' holds this comparison already, and it is done. To do it anew, add --overwrite.");
    }

    // Which photos share a batch can show in the last bits of their maps.
    private static string StampOf(IEnumerable<InputFile> files) => FileStamp.OfBatch(files.Select(file => (file.Name, FileStamp.Of(file.Path))));

    private void MeasureNew(ComparisonJournal journal, BatchMeasurer measurer, MeasuredBatch batch, CancellationToken cancellation)
    {
        MapSource[] sources = [.. settings.Sources.Where(source => !IsKnown(journal, source, batch))];
        ComparedPhoto[] photos = [.. batch.Files.Select(pair => new ComparedPhoto(
            pair.Index,
            pair.Item,
            new PhotoRow(pair.Item, settings.Decoding, settings.Network, _shape, settings.Target.ByImage?.GetValueOrDefault(pair.Item.Name) ?? "", settings.Target.Masks?.Of(pair.Item)),
            settings.Objects.Masks?.Of(pair.Item),
            settings.Decoding,
            settings.Pixels))];
        try
        {
            foreach ((int place, MapSource source) in sources.Index().TakeWhile(_ => !cancellation.IsCancellationRequested))
            {
                string others = photos.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {photos.Length - 1} more");
                log.Progress(_done, $"{source.Name}: {photos[0].File.Name}{others}");
                if (place == 0)
                {
                    measurer.Classify(photos);
                }

                Measure(journal, measurer, source, photos, batch.Stamp);
                log.Progress(_done += photos.Length);
            }
        }
        finally
        {
            foreach (ComparedPhoto photo in photos)
            {
                photo.Release();
            }
        }
    }

    /// <summary>Whether the journal holds what the table and the page need of a batch, which is measured whole.</summary>
    private bool IsKnown(ComparisonJournal journal, MapSource source, MeasuredBatch batch)
        => Array.TrueForAll(batch.Files, file => journal.Find(source.Name, file.Item.Name, batch.Stamp) is { } entry
            && entry.Values.Length == settings.Measures.Count
            && (entry.Shown is not null || !_maps.IsShown(source, file.Index) || Array.TrueForAll(entry.Values, value => value is null)));

    private void Measure(ComparisonJournal journal, BatchMeasurer measurer, MapSource source, ComparedPhoto[] open, string stamp)
    {
        foreach (ComparedPhoto photo in open.Where(photo => photo.Trouble is not null))
        {
            journal.Add(JournalEntry.Not(source.Name, photo, stamp, settings.Measures.Count, photo.Trouble!));
        }

        ComparedPhoto[] fit = [.. open.Where(photo => photo.Trouble is null)];
        if (fit.Length == 0)
        {
            return;
        }

        IReadOnlyList<SaliencyRowMetrics> rows = measurer.Measure(source, fit);
        for (int i = 0; i < fit.Length; i++)
        {
            journal.Add(JournalEntry.Of(source.Name, fit[i], stamp, rows[i]) with { Shown = _maps.Of(source, fit[i]), Pattern = settings.AsksConsistency ? MapConsistency.ToText(rows[i].Pattern) : null });
        }
    }

    private string StampOfAll() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', settings.Files.Select(file => $"{file.Name} {FileStamp.Of(file.Path)}")))));

    /// <summary>Photos that go through the network together, and what tells them from others.</summary>
    private sealed record MeasuredBatch((int Index, InputFile Item)[] Files, string Stamp);
}
