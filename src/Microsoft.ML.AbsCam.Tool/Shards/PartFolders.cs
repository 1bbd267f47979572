using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>The folders of shards in an output folder.</summary>
internal static partial class PartFolders
{
    /// <summary>Those that are there, by count and index.</summary>
    public static IReadOnlyList<Shard> Find(string output)
    {
        return !Directory.Exists(output) ? [] :
        [
            .. Directory.EnumerateDirectories(output, "part-*-of-*")
                .Select(path => ShardOf(Path.GetFileName(path)))
                .OfType<Shard>()
                .OrderBy(shard => shard.Count)
                .ThenBy(shard => shard.Index),
        ];
    }

    /// <summary>The shard whose folder is called that; null where none is.</summary>
    public static Shard? ShardOf(string name)
    {
        return Name().Match(name) is { Success: true } match
            && Shard.TryParse(match.Groups["index"].Value, out int index)
            && Shard.TryParse(match.Groups["count"].Value, out int count)
            && index < count && new Shard(index, count) is { } shard && shard.FolderName == name
            ? shard
            : null;
    }

    /// <summary>A few tasks of an array that are submitted anew are an array of their own to the scheduler, and would take other shares.</summary>
    /// <exception cref="UsageException">The folder holds parts of another count.</exception>
    public static void CheckCount(string output, Shard shard)
    {
        if (Find(output).FirstOrDefault(other => other.Count != shard.Count) is { } other)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--shard: the folder '{output}' holds '{other.FolderName}', and this is shard {shard} of another division. To run some of {other.Count} shards anew, give --shard auto/{other.Count}, so that the task's number is the shard's. For a new division, give another folder with --output."));
        }
    }

    [GeneratedRegex("^part-(?<index>[0-9]+)-of-(?<count>[0-9]+)$")]
    private static partial Regex Name();
}
