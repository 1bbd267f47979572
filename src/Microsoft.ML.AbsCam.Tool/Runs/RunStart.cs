using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Begins a run, anew or where an earlier process left it.</summary>
internal static class RunStart
{
    private const int MostDamagesNamed = 5;

    /// <exception cref="UsageException">The folder holds another run, or one that is not over and is not asked to go on.</exception>
    public static RunJournal Open(OutputFolder folder, ExplainSettings settings, RunPlan plan, ExplainedLayers layers, IRunLog log)
    {
        ReportHeader? page = settings.Save.HasFlag(SaveKinds.Report) ? RunHeader.Of(settings, layers, plan.Listed) : null;
        var run = new RunLine(settings.Identity, layers.Names, plan.Listing, plan.Listed, plan.First, plan.Count, settings.ShardName, page);
        var journal = new RunJournal(folder.JournalPath);
        try
        {
            if (settings.Resume && !journal.IsEmpty)
            {
                CheckThatItIsTheSame(journal.FirstRun, run, folder, journal);
                Mend(journal, log);
            }
            else
            {
                CheckThatNothingIsLost(journal, settings, folder);
                folder.Forget();
                journal.Clear();
            }

            folder.Begin();
            journal.Begin(run);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static void Mend(RunJournal journal, IRunLog log)
    {
        if (journal.Damages.Count == 0)
        {
            return;
        }

        foreach (string damage in journal.Damages.Take(MostDamagesNamed))
        {
            log.Trouble($"{damage}. What is not known for certain any more is done anew.");
        }

        if (journal.Damages.Count > MostDamagesNamed)
        {
            log.Trouble(string.Create(CultureInfo.InvariantCulture, $"and {journal.Damages.Count - MostDamagesNamed} more such lines."));
        }

        journal.Mend();
    }

    private static void CheckThatItIsTheSame(RunLine? first, RunLine run, OutputFolder folder, RunJournal journal)
    {
        if (first is null)
        {
            throw new UsageException($"--resume: nothing in '{journal.Path}' says what its run depends on{(journal.Damages.Count > 0 ? $" ({journal.Damages[0]})" : "")}: it is damaged, or another version of this program wrote it, and none of it can be trusted. Give another folder with --output, or delete '{journal.Path}'.");
        }

        string[] differences = RunIdentity.Differences(first.Identity, run.Identity);
        if (differences.Length > 0)
        {
            throw new UsageException($"--resume: the folder '{folder.Path}' holds another run (other {string.Join(", ", differences)}), and its results would be mixed with this one's. Give the options that it was begun with, or another folder with --output, or delete '{journal.Path}'.");
        }

        // A share of other files is another share.
        if (run.Shard != first.Shard || (run.Shard is not null && run.Listing != first.Listing))
        {
            throw new UsageException($"--resume: the folder '{folder.Path}' holds part {first.Shard ?? "0/1"} of {first.Listed} files, and this is part {run.Shard ?? "0/1"} of {run.Listed}{(run.Listed == first.Listed && run.Listing != first.Listing ? " with other names" : "")}. Give the files and the --shard that it was begun with, or another folder with --output.");
        }
    }

    private static void CheckThatNothingIsLost(RunJournal journal, ExplainSettings settings, OutputFolder folder)
    {
        if ((journal.Count > 0 || journal.Damages.Count > 0) && journal.End is null && !settings.MayBeginAnew)
        {
            throw new UsageException($"The folder '{folder.Path}' holds a run that is not over: {journal.Count} images are done. Add --resume to go on with it. To begin anew, give another folder with --output, or delete '{journal.Path}'.");
        }
    }
}
