using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>One worker's share of a run that several workers do: a number, counted from 0 as schedulers count, and how many there are.</summary>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>The environment variable that says how many shards there are, where the scheduler does not, or where only some of them run.</summary>
    public const string CountVariable = "ABSCAM_SHARD_COUNT";

    private const string Auto = "auto";

    // Schedulers take a tenth of it at most; the limit finds typing errors.
    private const int MostShards = 1_000_000;

    /// <summary>Its folder below the output folder; names sort as the shards do.</summary>
    public string FolderName
    {
        get
        {
            int digits = Math.Max(4, (Count - 1).ToString(CultureInfo.InvariantCulture).Length);
            string Padded(int number) => number.ToString($"D{digits}", CultureInfo.InvariantCulture);
            return $"part-{Padded(Index)}-of-{Padded(Count)}";
        }
    }

    /// <summary>Its folder.</summary>
    /// <exception cref="UsageException">The output folder holds parts of another division.</exception>
    public string FolderIn(string output)
    {
        PartFolders.CheckCount(output, this);
        return Path.Combine(output, FolderName);
    }

    /// <summary>As --shard takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <param name="text">What --shard says: 3/8, auto, or auto/8.</param>
    /// <param name="environment">Environment variables by name, where 'auto' looks for the scheduler's.</param>
    /// <exception cref="UsageException">The text is none of these, the index is out of range, or no scheduler says which shard this is.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        string[] parts = text.Split('/');
        if (parts is [Auto] or [Auto, _])
        {
            int? count = parts.Length == 2 ? ParseCount($"--shard {text}: behind the stroke", parts[1])
                : environment(CountVariable) is { Length: > 0 } set ? ParseCount($"{CountVariable}={set}: there", set)
                : null;
            return ArrayTask.Find(environment).AsShard(text, count);
        }

        if (parts.Length != 2 || !TryParse(parts[0], out int index))
        {
            throw new UsageException($"--shard {text}: INDEX/COUNT is expected, such as 0/8 for the first of eight shards, or 'auto' or 'auto/COUNT' in a task of a scheduler's array.");
        }

        return Checked(text, index, ParseCount($"--shard {text}: behind the stroke", parts[1]), "");
    }

    /// <param name="text">What --shard says.</param>
    /// <param name="index">The shard that is asked for.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="advice">What to do where the index came from a scheduler; empty where it was typed.</param>
    public static Shard Checked(string text, int index, int count, string advice)
    {
        return index < count
            ? new Shard(index, count)
            : throw new UsageException($"--shard {text}: shards count from 0, so of {count} the last is {count - 1}, and {index} is asked for.{(advice.Length > 0 ? " " + advice : "")}");
    }

    /// <summary>A whole number that is not negative, in digits alone.</summary>
    public static bool TryParse(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>
    /// This shard's batches: a range of the whole run's. Every worker that sees the same files cuts at the same places, each batch falls
    /// to exactly one, and the ranges in order are the run again, so that results need only be joined.
    /// </summary>
    /// <param name="whole">All batches.</param>
    /// <param name="together">How many batches stay together, from the first on.</param>
    public RunPlan Take(RunPlan whole, int together = 1)
    {
        long[] sizes = FileSizes.Of([.. whole.Files]);
        long[] pieces = [.. whole.Batches.Chunk(together).Select(piece => piece.Sum(batch => batch.Sum(file => sizes[file.Place])))];
        (int first, int end) = ByteShares.Range(pieces, Index, Count);
        return whole.Part(first * together, Math.Min(end * together, whole.Batches.Count));
    }

    private static int ParseCount(string place, string text)
    {
        return TryParse(text, out int count) && count is >= 1 and <= MostShards
            ? count
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{place}, the number of shards is expected, 1 to {MostShards}."));
    }
}
