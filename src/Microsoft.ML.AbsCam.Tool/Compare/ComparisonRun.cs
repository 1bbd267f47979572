using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Takes photos a batch at a time through every method that the journal does not know yet, and sums up the journal at the end.</summary>
internal sealed class ComparisonRun(ComparisonSettings settings, IRunLog log)
{
    private readonly NetworkShape _shape = settings.Network.Shape;
    private readonly ImagePreprocessing _preprocessing = settings.Options.Preprocessing ?? ImagePreprocessing.For(settings.Network.Shape.Height, settings.Network.Shape.Width);

    /// <returns>The results; null where the run was interrupted.</returns>
    public Comparison? Run(CancellationToken cancellation)
    {
        using var folder = new OutputFolder(settings.Output);
        using var journal = new ComparisonJournal(settings.Output, settings.Identity, settings.Resume);
        foreach (string damage in journal.Damages)
        {
            log.Trouble($"{damage}. What is not known for certain any more is measured anew.");
        }

        using var batch = new PhotoBatch(settings);
        var stamps = new Dictionary<string, string>(StringComparer.Ordinal);
        int done = 0;
        int known = 0;
        foreach (string note in settings.Notes)
        {
            log.Line(note);
        }

        foreach ((int Place, InputFile File)[] files in settings.Files.Index().Select(pair => (pair.Index, pair.Item)).Chunk(settings.Options.BatchSize))
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            // Which photos share a batch can show in the last bits of their maps.
            string stamp = FileStamp.OfBatch(files.Select(pair => (pair.File.Name, FileStamp.Of(pair.File.Path))));
            Array.ForEach(files, pair => stamps.Add(pair.File.Name, stamp));
            known += MeasureNew(journal, batch, files, stamp, cancellation);
            done += files.Length;
            log.Progress(done, settings.Files.Count);
        }

        if (cancellation.IsCancellationRequested)
        {
            return null;
        }

        var whole = new WholeRun(settings).Asked();
        string all = StampOfAll();
        foreach (MethodSource source in settings.Sources.OfType<MethodSource>())
        {
            foreach ((string kind, Func<SaliencyMethod, IReadOnlyList<WholeValue>> run) in whole.Where(asked => journal.FindWhole(asked.Kind, source.Name, all) is null))
            {
                if (cancellation.IsCancellationRequested)
                {
                    return null;
                }

                log.Line($"{kind}: {source.Name}");
                journal.Add(new WholeEntry(kind, source.Name, all, [.. run(source.Method)]));
            }
        }

        if (known > 0)
        {
            log.Line(string.Create(CultureInfo.InvariantCulture, $"{known} of {settings.Files.Count * settings.Sources.Count} maps were measured before and taken from {ComparisonJournal.FileName}"));
        }

        return Comparison.Of(settings, (source, file) => journal.Find(source.Name, file.Name, stamps[file.Name])!, source => whole.SelectMany(asked => journal.FindWhole(asked.Kind, source.Name, all)?.Results ?? []));
    }

    /// <returns>How many maps were known already.</returns>
    private int MeasureNew(ComparisonJournal journal, PhotoBatch batch, IReadOnlyList<(int Place, InputFile File)> files, string stamp, CancellationToken cancellation)
    {
        ComparedPhoto[] photos = [.. files.Select(pair => new ComparedPhoto(
            pair.Place,
            pair.File,
            new Row(pair.File, settings.Decoding, _shape, settings.Targets?.GetValueOrDefault(pair.File.Name) ?? ""),
            settings.Objects.Masks?.Of(pair.File),
            settings.Decoding,
            settings.Pixels))];
        int known = 0;
        bool isClassified = false;
        try
        {
            foreach (MapSource source in settings.Sources.TakeWhile(_ => !cancellation.IsCancellationRequested))
            {
                // A batch is measured whole.
                if (photos.All(photo => IsKnown(journal, source, photo, stamp)))
                {
                    known += photos.Length;
                    continue;
                }

                if (!isClassified)
                {
                    batch.Classify(photos);
                    isClassified = true;
                }

                Measure(journal, batch, source, photos, stamp);
            }
        }
        finally
        {
            foreach (ComparedPhoto photo in photos)
            {
                photo.Release();
            }
        }

        return known;
    }

    /// <summary>Whether the journal holds what the table and the page need of it.</summary>
    private bool IsKnown(ComparisonJournal journal, MapSource source, ComparedPhoto photo, string stamp)
        => journal.Find(source.Name, photo.File.Name, stamp) is { } entry
        && entry.Values.Length == settings.Measures.Count
        && (entry.Overlay is not null || !IsShown(source, photo.Place) || Array.TrueForAll(entry.Values, value => value is null));

    private void Measure(ComparisonJournal journal, PhotoBatch batch, MapSource source, ComparedPhoto[] open, string stamp)
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

        IReadOnlyList<SaliencyRowMetrics> rows = batch.Measure(source, fit);
        for (int i = 0; i < fit.Length; i++)
        {
            journal.Add(JournalEntry.Of(source.Name, fit[i], stamp, rows[i], Overlay(source, fit[i])));
        }
    }

    /// <summary>The photo under its map as the page shows it; null where it shows none.</summary>
    private string? Overlay(MapSource source, ComparedPhoto photo)
    {
        if (!IsShown(source, photo.Place) || photo.Status != nameof(MapStatus.Ok) || photo.Image is not { } image)
        {
            return null;
        }

        using MLImage overlay = SaliencyOverlay.Draw(image, photo.Map, photo.MapHeight, photo.MapWidth, _preprocessing, settings.Options.Overlay);
        return Thumbnail.Of(overlay, ComparisonPage.LongerSide).Base64;
    }

    // A map over the whole photo cannot be drawn as one over the network's input.
    private bool IsShown(MapSource source, int place) => place < settings.Shown && !(source is FileSource && settings.MapExtent == MapExtent.Photo);

    private string StampOfAll() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', settings.Files.Select(file => $"{file.Name} {FileStamp.Of(file.Path)}")))));
}
