using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam merge: the parts that 'explain --shard' made become one run's folder.</summary>
internal static class MergeCommand
{
    public static System.CommandLine.Command Create()
    {
        var output = new Argument<string>("OUTPUT") { Description = "The folder that was given to 'abscam explain --shard' with --output." };
        Option<bool> quiet = RunOptions.QuietSyntax();
        var command = new System.CommandLine.Command("merge", "Join the parts that 'explain --shard' made into one folder of results. Nothing is moved before every part is verified.") { output, quiet };
        command.SetAction(parsed => Merge(parsed.GetValue(output)!, new ConsoleRunLog(parsed.GetValue(quiet))));
        return command;
    }

    private static int Merge(string output, ConsoleRunLog log)
    {
        IReadOnlyList<Shard> shards = PartFolders.Find(output);
        if (shards.Count == 0)
        {
            throw new UsageException($"The folder '{output}' holds no parts: it has no folder such as '{new Shard(0, 8).FolderName}'. Give the folder that was given to 'abscam explain --shard' with --output.");
        }

        var parts = new List<WorkerPart>();
        try
        {
            var problems = new List<string>();
            Open(output, shards, parts, problems);
            if (problems.Count == 0 && File.Exists(Path.Combine(output, ResultNames.Journal)) && PartsMerge.Tidy(output, parts) is { } end)
            {
                log.Line($"'{output}' was merged before; what was left of its parts is gone");
                return end.Explained == end.Images ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
            }

            problems.InsertRange(0, PartsCheck.Missing(shards));
            problems.AddRange(parts.Count == 0 ? [] : PartsCheck.Mismatches(parts));
            if (problems.Count == 0)
            {
                problems.AddRange(parts.SelectMany(part => PartsCheck.Damage(part, output)));
            }

            if (problems.Count > 0)
            {
                problems.ForEach(log.Trouble);
                log.Trouble($"nothing in '{output}' was merged.");
                return ExitCodes.WrongUsage;
            }

            log.Line(string.Create(CultureInfo.InvariantCulture, $"{parts.Count} parts are whole"));
            foreach (JournalRow row in parts.SelectMany(part => part.Journal.Rows()).Where(row => !row.IsExplained))
            {
                log.Trouble($"{row.Image}: {row.Targets.First(target => target.Message is not null).Message}");
            }

            return Say(PartsMerge.Join(output, parts, log), log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Trouble($"stopped, because results cannot be written: {e.Message} Nothing is lost: when that is mended, the same command goes on.");
            return ExitCodes.CannotWrite;
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    private static void Open(string output, IReadOnlyList<Shard> shards, List<WorkerPart> parts, List<string> problems)
    {
        foreach (Shard shard in shards)
        {
            try
            {
                if (WorkerPart.Open(output, shard) is { } part)
                {
                    parts.Add(part);
                }
                else
                {
                    problems.Add($"{WorkerPart.NameOf(shard)} has explained no image yet: run it again with --resume.");
                }
            }
            catch (UsageException e)
            {
                problems.Add($"{WorkerPart.NameOf(shard)}: {e.Message}");
            }
        }
    }

    private static int Say(RunSummary summary, ConsoleRunLog log)
    {
        foreach (string line in summary.Lines())
        {
            log.Line(line);
        }

        return summary.Failed == 0 ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
    }
}
