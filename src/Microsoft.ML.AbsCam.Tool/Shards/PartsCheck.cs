using System.Globalization;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>Looks whether parts make a whole, and says what is wrong by name.</summary>
internal static class PartsCheck
{
    private const int MostFilesNamed = 3;

    /// <summary>Whether all shards of one division have a folder.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<Shard> shards)
    {
        foreach (Shard[] division in shards.GroupBy(shard => shard.Count).Select(division => division.ToArray()))
        {
            int[] missing = [.. Enumerable.Range(0, division[0].Count).Except(division.Select(shard => shard.Index))];
            if (missing.Length > 0)
            {
                string parts = string.Join(", ", missing.Select(index => new Shard(index, division[0].Count)));
                yield return missing.Length == 1 ? $"part {parts} is missing: run it." : $"parts {parts} are missing: run them.";
            }
        }

        if (shards.DistinctBy(shard => shard.Count).Count() > 1)
        {
            yield return $"there are parts of different divisions, such as '{shards[0].FolderName}' and '{shards[^1].FolderName}': take those away that do not belong here.";
        }
    }

    /// <summary>Whether parts are of one run, each is done, and together they hold every image once.</summary>
    public static IEnumerable<string> Mismatches(IReadOnlyList<WorkerPart> parts)
    {
        RunLine most = parts.GroupBy(part => part.Run.Listing + JsonSerializer.Serialize(part.Run.Identity)).MaxBy(alike => alike.Count())!.First().Run;
        WorkerPart reference = parts.First(part => part.Run == most);
        bool isOneRun = true;
        foreach (WorkerPart part in parts)
        {
            if (Difference(part, reference) is { } difference)
            {
                isOneRun = false;
                yield return difference;
            }
            else if (part.Journal.Damages.Count > 0)
            {
                yield return $"{part.Name}: {part.Journal.Damages[0]}: run it again with --resume.";
            }
            else if (part.Run.Page is not null && part.Journal.Rows().FirstOrDefault(row => row.Plate is null) is { } row)
            {
                yield return $"{part.Name} says nothing for the page of {row.Image}, as versions did that made pages otherwise: run it again with --resume.";
            }
            else if (part.Journal.Rows().Count() is var done && (part.Journal.End is null || done != part.Run.Count))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{part.Name} has explained {done} of {part.Run.Count} images: run it again with --resume.");
            }
        }

        if (isOneRun)
        {
            foreach (string problem in Ranges(parts))
            {
                yield return problem;
            }
        }
    }

    /// <summary>Whether every file that a journal speaks of is whole, in the part's folder or, by a merge that was broken off, already below the output folder.</summary>
    public static IEnumerable<string> Damage(WorkerPart part, string output)
    {
        foreach (string stranger in part.Strangers())
        {
            yield return $"{part.Name} holds '{stranger}', which is no result of a run: take it out of '{part.Path}'.";
        }

        foreach (string link in part.Links())
        {
            yield return $"{part.Name}: its folder '{link}' is a link, and nothing is moved from behind a link: run it anew.";
        }

        string[] damaged = [.. part.Files.AsParallel().AsOrdered()
            .Where(file => !file.IsWhole(part.Path) && !file.IsWhole(output))
            .Select(file => file.Name)];
        if (damaged.Length > 0)
        {
            string names = string.Join(", ", damaged.Take(MostFilesNamed));
            string more = damaged.Length > MostFilesNamed ? string.Create(CultureInfo.InvariantCulture, $" and {damaged.Length - MostFilesNamed} more") : "";
            yield return $"{part.Name}: {names}{more} {(damaged.Length == 1 ? "is" : "are")} missing or damaged: run it again with --resume.";
        }
    }

    private static string? Difference(WorkerPart part, WorkerPart reference)
    {
        if (part.Run.ShardName != part.Shard.ToString())
        {
            return $"'{part.Shard.FolderName}' holds shard {part.Run.ShardName ?? "0/1"}: the folder has another's name.";
        }

        string[] differences = RunIdentity.Differences(reference.Run.Identity, part.Run.Identity);
        if (differences.Length > 0)
        {
            return $"{part.Name} was made with another {string.Join(", another ", differences)} than {reference.Name}: delete '{part.Path}' and run it as the others.";
        }

        return part.Run.Listing == reference.Run.Listing ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{part.Name} saw {part.Run.Listed} files and {reference.Name} {reference.Run.Listed}{(part.Run.Listed == reference.Run.Listed ? " with other names" : "")}: delete '{part.Path}' and run it on the files of the others.");
    }

    /// <summary>Workers cut the same list at the same places, unless the sizes of its files changed between them.</summary>
    private static IEnumerable<string> Ranges(IReadOnlyList<WorkerPart> parts)
    {
        const string Advice = "Files changed their sizes from one task to the next: run all parts again with --resume.";
        WorkerPart? before = null;
        int next = 0;
        foreach (WorkerPart part in parts.Where(part => part.Run.Count > 0))
        {
            if (part.Run.First < next)
            {
                string? image = part.Journal.Rows().FirstOrDefault()?.Image;
                yield return $"image {image ?? part.Run.First.ToString(CultureInfo.InvariantCulture)} is in {before!.Name} and in {part.Name}. {Advice}";
            }
            else if (part.Run.First > next)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{part.Run.First - next} images before {part.Name} are in no part. {Advice}");
            }

            (before, next) = (part, Math.Max(next, part.Run.First + part.Run.Count));
        }

        int listed = parts[0].Run.Listed;
        if (next < listed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the last {listed - next} images are in no part. {Advice}");
        }
    }
}
