using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Makes the table and the page of what journals know.</summary>
internal static class RunResults
{
    /// <param name="folder">Where they go.</param>
    /// <param name="rows">The images, in the order of the files.</param>
    /// <param name="count">About how many they are: many are written beside the page.</param>
    /// <param name="layer">The explained layers' names.</param>
    /// <param name="header">What stands above the page; null for no page.</param>
    /// <param name="summary">What adds the images up.</param>
    public static void Write(OutputFolder folder, IEnumerable<JournalRow> rows, int count, string layer, ReportHeader? header, RunSummary summary)
    {
        using AtomicFile table = folder.NewFile(Path.GetFileName(folder.ResultsPath));
        using ReportWriter? page = header is null ? null : new ReportWriter(folder.ReportPath, header, count, folder.WorkFolder);
        using (var results = new ResultsFile(table.Stream))
        {
            foreach (JournalRow row in rows)
            {
                summary.Add(row);
                page?.Add(PageRows.Of(row), PageRows.DetailsOf(row));
                foreach (JournalTarget target in row.Targets)
                {
                    results.Add(new ResultRow(row.Image, target.Status, target.Target, target.Label, target.Probability, layer, target.Map?.Name, row.Forwards, row.Milliseconds, target.Question));
                }
            }
        }

        table.Complete(Path.GetFileName(folder.ResultsPath));
        page?.Complete([.. summary.Lines().Select(line => ("Run", line))]);
    }
}
