using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Begins a run, anew or where an earlier process left it.</summary>
internal static class RunStart
{
    private const int MostDamagesNamed = 5;

    /// <param name="folder">Where results go.</param>
    /// <param name="settings">The run.</param>
    /// <param name="plan">Its batches.</param>
    /// <param name="layers">What is explained.</param>
    /// <param name="log">Where damages are named.</param>
    /// <returns>The journal to write to; one whose <see cref="RunJournal.End"/> is there belongs to a run that is done, and nothing is to be done.</returns>
    /// <exception cref="UsageException">The folder holds other results, or a run that is not over and is not asked to go on.</exception>
    public static RunJournal Open(OutputFolder folder, ExplainSettings settings, RunPlan plan, ExplainedLayers layers, IRunLog log)
    {
        ReportHeader? page = settings.Save.HasFlag(SaveKinds.Report) ? RunHeader.Of(settings, plan.Listed) : null;
        var run = new RunLine(settings.Identity, layers.Names, plan.Listing, plan.Listed, plan.First, plan.Count, settings.ShardName, page);
        string? result = folder.FindOthersResult(ResultNames.Journal);
        var journal = new RunJournal(folder.JournalPath);
        try
        {
            if (settings.Overwrite && result != ResultNames.ComparisonsJournal)
            {
                folder.Forget(journal.AllFiles());
                journal.Clear();
                result = folder.FindOthersResult(ResultNames.Journal);
            }

            if (journal.IsEmpty)
            {
                CheckThatItIsOurs(result, folder);
            }
            else if (settings.Resume)
            {
                CheckThatItIsTheSame(journal.FirstRun, run, folder, journal);
                Mend(journal, log);
            }
            else
            {
                CheckThatItIsDone(journal, run, plan, folder);
                return journal;
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

    private static void CheckThatItIsOurs(string? result, OutputFolder folder)
    {
        if (result is not null)
        {
            throw new UsageException($"The folder '{folder.Path}' holds '{result}', and no journal of a run that made it: results would be mixed. Give another folder with --output, or take it away.");
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
            throw new UsageException($"--resume: nothing in '{journal.Path}' says what its run depends on{(journal.Damages.Count > 0 ? $" ({journal.Damages[0]})" : "")}: it is damaged, or another version of this program wrote it, and none of it can be trusted. Give another folder with --output, or --overwrite to begin anew in this one.");
        }

        string[] differences = RunIdentity.Differences(first.Identity, run.Identity);
        if (differences.Length > 0)
        {
            throw new UsageException($"--resume: the folder '{folder.Path}' holds another run (other {string.Join(", ", differences)}), and its results would be mixed with this one's. Give the options that it was begun with, or another folder with --output, or --overwrite in place of --resume.");
        }

        // A share of other files is another share.
        if (run.ShardName != first.ShardName || (run.ShardName is not null && run.Listing != first.Listing))
        {
            throw new UsageException($"--resume: the folder '{folder.Path}' holds part {first.ShardName ?? "0/1"} of {first.Listed} files, and this is part {run.ShardName ?? "0/1"} of {run.Listed}{(run.Listed == first.Listed && run.Listing != first.Listing ? " with other names" : "")}. Give the files and the --shard that it was begun with, or another folder with --output.");
        }
    }

    /// <summary>The same command into a finished folder has nothing to do; another one is not to mix its results with what is there.</summary>
    private static void CheckThatItIsDone(RunJournal journal, RunLine run, RunPlan plan, OutputFolder folder)
    {
        const string Otherwise = "To begin anew, add --overwrite or give another folder with --output.";
        if (journal.End is null)
        {
            throw new UsageException($"The folder '{folder.Path}' holds a run that is not over: {journal.Count} images are done. Add --resume to go on with it. {Otherwise}");
        }

        string[] differences = journal.FirstRun is { } first ? RunIdentity.Differences(first.Identity, run.Identity) : [];
        if (differences.Length > 0)
        {
            throw new UsageException($"The folder '{folder.Path}' holds another run (other {string.Join(", ", differences)}), which is done, and its results would be mixed with this one's. {Otherwise}");
        }

        int changed = plan.Batches.Sum(batch => FileStamp.OfBatch(batch.Select(file => (file.OutputName, FileStamp.Of(file.Path)))) is var stamp ? batch.Count(file => journal.Find(file.OutputName)?.Batch != stamp) : 0);
        if (changed > 0 || journal.Run!.Listing != run.Listing || journal.Run.ShardName != run.ShardName)
        {
            throw new UsageException($"The folder '{folder.Path}' holds this run of other files: {changed} of {plan.Count} images, or their company in a batch, are new or changed since. Add --resume to explain those. {Otherwise}");
        }
    }
}
