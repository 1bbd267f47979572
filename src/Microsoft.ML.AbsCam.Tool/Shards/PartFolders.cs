using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>The folders of shards in an output folder.</summary>
internal static class PartFolders
{
    /// <summary>Those that are there, by count and index.</summary>
    public static IReadOnlyList<Shard> Find(string output)
    {
        return !Directory.Exists(output) ? [] :
        [
            .. Directory.EnumerateDirectories(output, "part-*-of-*")
                .Select(path => ResultNames.PartOf(Path.GetFileName(path)))
                .OfType<(int Index, int Count)>()
                .Select(part => new Shard(part.Index, part.Count))
                .OrderBy(shard => shard.Count)
                .ThenBy(shard => shard.Index),
        ];
    }

    /// <summary>The folder of a shard. A few tasks of an array that are submitted anew are an array of their own to the scheduler, and would take other shares.</summary>
    /// <exception cref="UsageException">The output folder holds parts of another division.</exception>
    public static string PathOf(string output, Shard shard)
    {
        if (Find(output).FirstOrDefault(other => other.Count != shard.Count) is { } other)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--shard: the folder '{output}' holds '{other.FolderName}', and this is shard {shard} of another division. To run some of {other.Count} shards anew, give --shard auto/{other.Count}, so that the task's number is the shard's. For a new division, give another folder with --output."));
        }

        return Path.Combine(output, shard.FolderName);
    }
}
