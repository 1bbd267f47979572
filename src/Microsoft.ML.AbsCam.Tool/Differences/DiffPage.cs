using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Differences;

/// <summary>The page of two runs: what changed, beside the gallery of the second, whose plates its journal has.</summary>
/// <param name="run">The second run.</param>
/// <param name="truths">What pictures show, by their names.</param>
/// <param name="facts">The lines of the page's header.</param>
internal sealed class DiffPage(FinishedRun run, IReadOnlyDictionary<string, string> truths, IReadOnlyList<(string Name, string Value)> facts)
{
    /// <param name="folder">Where the page is written.</param>
    /// <param name="report">What was tested.</param>
    /// <param name="findings">What was found, with the pictures to show.</param>
    /// <returns>Whether the run kept plates, without which the gallery has no pictures.</returns>
    public bool Write(OutputFolder folder, AuditReport report, IReadOnlyList<AuditFinding> findings)
    {
        using var page = new ReportWriter(folder.ReportPath, Header(), run.Rows.Count);
        using var journal = new RunJournal(Path.Combine(run.Folder, ResultNames.Journal));
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        bool hasPlates = false;
        foreach (JournalRow row in journal.Rows())
        {
            hasPlates |= row.Plate?.Photo is not null;
            places.TryAdd(row.Image, page.Count);
            ReportRow shown = PageRows.Of(row);
            page.Add(
                shown with { Truth = shown.Truth ?? truths.GetValueOrDefault(row.Image), Targets = [.. shown.Targets.Select(target => target with { Overlay = Moved(target.Overlay, folder) })] },
                PageRows.DetailsOf(row) with { File = Moved(row.Plate?.File, folder) });
        }

        // Findings count the first run's rows, and the page shows the second's: names tell which are which.
        AuditFinding[] placed = [.. findings.Select(finding => finding with { Rows = [.. finding.RowNames.Where(places.ContainsKey).Select(name => places[name])] })];
        page.Complete(report, placed, ("Compared", string.Create(CultureInfo.InvariantCulture, $"{report.Rows} pictures, {report.Findings.Count} findings")));
        return hasPlates;
    }

    private ReportHeader Header() => new(
        "What changed between two runs",
        "Two runs explained the same pictures. What became of answers, certainty and heat from the first to the second is told below, each tested; the gallery is the second run's.",
        facts)
    {
        IsPrediction = run.IsPrediction,
    };

    /// <summary>A path of the run's that leads there from the page; null where no relative path does.</summary>
    private string? Moved(string? path, OutputFolder folder) => path is null ? null : PlateMaker.RelativeTo(folder.Path, Path.Combine(run.Folder, path));
}
