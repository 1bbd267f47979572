using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>One worker's share of a run that several workers do: a number, counted from 0 as schedulers count, and how many there are.</summary>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>The environment variable that says how many shards there are, where the scheduler does not, or where only some of them run.</summary>
    public const string CountVariable = "ABSCAM_SHARD_COUNT";

    // Schedulers take a tenth of it at most; the limit finds typing errors.
    private const int MostShards = 1_000_000;

    /// <summary>Its folder below the output folder; names sort as the shards do.</summary>
    public string FolderName => ResultNames.OfPart(Index, Count);

    /// <summary>As --shard takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <param name="text">What --shard says.</param>
    /// <param name="index">The shard that is asked for.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="advice">What to do where the index came from a scheduler; empty where it was typed.</param>
    /// <exception cref="UsageException">There is no such shard.</exception>
    public static Shard Checked(string text, int index, int count, string advice)
    {
        return index < count
            ? new Shard(index, count)
            : throw new UsageException($"--shard {text}: shards count from 0, so of {count} the last is {count - 1}, and {index} is asked for.{(advice.Length > 0 ? " " + advice : "")}");
    }

    /// <summary>A whole number that is not negative, in digits alone.</summary>
    public static bool TryParse(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <param name="place">Where the number stands, as the beginning of a sentence.</param>
    /// <param name="text">How many shards there are.</param>
    /// <exception cref="UsageException">It is no such number.</exception>
    public static int ParseCount(string place, string text)
    {
        return TryParse(text, out int count) && count is >= 1 and <= MostShards
            ? count
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{place}, the number of shards is expected, 1 to {MostShards}."));
    }

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
        return whole.Slice(first * together, Math.Min(end * together, whole.Batches.Count));
    }
}
