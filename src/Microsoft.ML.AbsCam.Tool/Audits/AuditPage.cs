using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>The page of an audit: what was found, beside the gallery of the run that was audited, whose plates its journal has.</summary>
/// <param name="settings">The audit.</param>
/// <param name="run">The run.</param>
internal sealed class AuditPage(AuditSettings settings, FinishedRun run)
{
    private readonly Dictionary<string, InputFile> _files = settings.Files.ToDictionary(file => file.OutputName, StringComparer.Ordinal);

    /// <summary>Writes it, in place of the run's own page where that lies in the same folder.</summary>
    /// <returns>Whether the run kept plates, without which the gallery has no pictures.</returns>
    public bool Write(OutputFolder folder, AuditReport report)
    {
        using var page = new ReportWriter(folder.ReportPath, Header(), run.Rows.Count);
        using var journal = new RunJournal(Path.Combine(run.Folder, ResultNames.Journal));
        bool hasPlates = false;
        foreach (JournalRow row in journal.Rows())
        {
            // A row's place in the page is its position in the audit.
            hasPlates |= row.Plate?.Photo is not null;
            RowDetails details = PageRows.DetailsOf(row);
            ReportRow shown = PageRows.Of(row);
            page.Add(
                shown with { Truth = shown.Truth ?? PlateMaker.ClassName(settings.Truth?.Invoke(_files[row.Key]), settings.Options.Labels), Targets = [.. shown.Targets.Select(target => target with { Overlay = Moved(target.Overlay, folder) })] },
                details with { File = PlateMaker.RelativeTo(folder.Path, _files[row.Key].Path) });
        }

        page.Complete(report, report.Findings, ("Audit", string.Create(CultureInfo.InvariantCulture, $"{report.Rows} of {page.Count} pictures, {report.Findings.Count} findings")));
        return hasPlates;
    }

    private ReportHeader Header() => new(
        "What the network goes by",
        $"{QuestionText.Summary(run.Rows.Count, settings.Network.Shape.ClassesUnder(settings.Options.ScoreRule), TargetKind.Class, NetworkTask.Classify)} Then pictures were altered, and the network was asked again.",
        settings.Facts)
    {
        IsPrediction = run.IsPrediction,
        Overlay = settings.Options.Overlay,
    };

    /// <summary>A path that leads there from the page; null where no relative path does.</summary>
    private string? Moved(string? path, OutputFolder folder) => path is null ? null : PlateMaker.RelativeTo(folder.Path, Path.Combine(run.Folder, path));
}
