using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>Audits a finished run, and writes the findings.</summary>
internal sealed class AuditRun(AuditSettings settings, IRunLog log)
{
    private readonly MLContext _context = new(seed: 1);

    /// <exception cref="UsageException">The run is not of this model and these photos.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; no findings are written then.</exception>
    public AuditReport Run(CancellationToken cancellation)
    {
        using var folder = new FindingsFolder(settings.Output, settings.Overwrite);
        foreach (string note in settings.Notes)
        {
            log.Line(note);
        }

        FinishedRun finished = settings.Run ?? FinishedRun.Open(settings.Output);
        var run = new AuditedRun(_context, settings, finished);
        if (settings.Run is not null)
        {
            new RunVerifier(_context, run, settings, log).Verify(cancellation);
        }

        log.Line($"auditing {run.Rows.Count} photos");
        IDataView photos = run.View(cancellation);
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(ExplainedColumns.Map, nameof(AuditedPhoto.Image), settings.Network, run.Options).Fit(photos);
        string journal = Path.Combine(settings.Output, ResultNames.AuditJournal);
        if (settings.BeginsAnew)
        {
            File.Delete(journal);
        }

        _context.Log += Tell;
        AuditReport report = _context.Saliency.Audit(photos, transformer, settings.Audit with
        {
            JournalPath = journal,
            NameColumn = nameof(AuditedPhoto.Name),
            TruthColumn = settings.Truth is null ? null : nameof(AuditedPhoto.Truth),
            BoxesColumn = settings.Objects.Boxes is null ? null : nameof(AuditedPhoto.Boxes),
            MaskColumn = settings.Objects.Masks is null ? null : nameof(AuditedPhoto.Mask),
        });
        if (!new AuditPage(settings, finished).Write(folder.Output, report))
        {
            log.Line($"the run in '{finished.Folder}' kept no plates, so that the page's gallery has no pictures; with --save npy,report it keeps them");
        }

        folder.Write(report, settings.Facts);
        File.Delete(journal);
        return report;
    }

    private void Tell(object? sender, LoggingEventArgs message)
    {
        if (message.Source.EndsWith($" {nameof(SaliencyAudits.Audit)}", StringComparison.Ordinal))
        {
            log.Line(message.RawMessage);
        }
    }
}
