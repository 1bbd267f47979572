using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>
/// Joins the parts of a run into the folder that one worker would have made, by renaming files. Whatever ends it, it can be done again: until the
/// whole's journal is over, parts keep their journals, and a file that is not in its part is in its place.
/// </summary>
internal static class PartsMerge
{
    /// <param name="output">The output folder.</param>
    /// <param name="parts">All parts, in order, verified.</param>
    /// <param name="log">Who is told of what an earlier audit loses.</param>
    /// <exception cref="UsageException">The folder holds another run, which is not over.</exception>
    public static RunSummary Join(string output, IReadOnlyList<WorkerPart> parts, IRunLog log)
    {
        using var folder = new OutputFolder(output);
        using var whole = new RunJournal(folder.JournalPath);
        RunLine first = parts[0].Run;
        CheckThatNothingIsLost(whole, first, output);
        folder.Begin();
        if (whole.End is not null)
        {
            // An earlier whole, of which nothing may be left among this one's results.
            HashSet<string> names = [.. parts.SelectMany(part => part.Files).Select(file => file.Name)];
            folder.Forget(whole.AllFiles().Where(file => !names.Contains(file.Name)));
        }

        folder.ForgetTables();
        whole.Clear();
        whole.Begin(first with { First = 0, Count = first.Listed, ShardName = null });
        foreach (WorkerPart part in parts)
        {
            foreach (JournalRow row in part.Journal.Rows())
            {
                Move(row.Targets.SelectMany(target => target.Files), part.Path, output);
                whole.Add(row);
            }

            foreach (PartLine line in part.Journal.Parts())
            {
                Move([line.File], part.Path, output);
                whole.Add(line);
            }
        }

        folder.ForgetParquetBut(whole.Parts().Select(line => line.File.Name).ToHashSet());

        var summary = new RunSummary();
        RunResults.Write(folder, Timed(whole.Rows(), summary), first.Listed, first.Layer, first.Page, summary);
        if (first.Page is not null)
        {
            LostFindings.Tell(folder, log);
        }

        whole.Finish(new EndLine(summary.Images, summary.Explained));
        Remove(folder, parts);
        return summary;
    }

    /// <summary>Takes away the parts that a merge left, which was broken off at its very end.</summary>
    /// <returns>How the whole ended; null where it is not over, or a part holds something that it does not.</returns>
    public static EndLine? Tidy(string output, IReadOnlyList<WorkerPart> parts)
    {
        using var folder = new OutputFolder(output);
        using var whole = new RunJournal(folder.JournalPath);
        if (whole.End is null || !parts.All(part => part.Journal.Rows().All(row => IsAlike(row, whole.Find(row.Key)))))
        {
            return null;
        }

        folder.Begin();
        Remove(folder, parts);
        return whole.End;
    }

    private static void CheckThatNothingIsLost(RunJournal whole, RunLine run, string output)
    {
        // One that has the same options and files is the beginning of a merge, or of what the merge will be.
        if (whole.FirstRun is null && !whole.IsEmpty)
        {
            throw new UsageException($"The folder '{output}' holds a journal of another run beside its parts, which cannot be read ({whole.Damages[0]}). Move the parts to a folder of their own, or delete '{whole.Path}'.");
        }

        if (whole.FirstRun is { } other && whole.End is null && (other.Listing != run.Listing || RunIdentity.Differences(other.Identity, run.Identity).Length > 0))
        {
            throw new UsageException($"The folder '{output}' holds another run beside its parts, and it is not over: {whole.Count} images are done. Move the parts to a folder of their own, or delete '{whole.Path}'.");
        }
    }

    private static void Move(IEnumerable<KeptFile> files, string from, string to)
    {
        foreach (KeptFile file in files)
        {
            string source = Path.Combine(from, file.Name);
            string place = Path.Combine(to, file.Name);
            if (File.Exists(source))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Move(source, place, overwrite: true);
            }
        }
    }

    /// <summary>The whole's time is what all workers computed.</summary>
    private static IEnumerable<JournalRow> Timed(IEnumerable<JournalRow> rows, RunSummary summary)
    {
        foreach (JournalRow row in rows)
        {
            summary.Time += TimeSpan.FromMilliseconds(row.Milliseconds);
            yield return row;
        }
    }

    /// <summary>A folder goes at once, so that no part is ever seen without its journal.</summary>
    private static void Remove(OutputFolder folder, IEnumerable<WorkerPart> parts)
    {
        foreach (WorkerPart part in parts)
        {
            part.Dispose();
            Directory.Move(part.Path, Path.Combine(folder.WorkFolder, part.Shard.FolderName));
        }
    }

    // Rows tell their times, so those of another run are not alike.
    private static bool IsAlike(JournalRow one, JournalRow? other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);
}
