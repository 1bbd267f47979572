using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>
/// The batches in which files go through the network, photos before tensors. Which images share a batch can show in the last bits of their
/// maps, so a run that goes on, or takes a part, keeps to the batches of the whole.
/// </summary>
internal sealed class RunPlan
{
    private RunPlan(IReadOnlyList<InputFile[]> batches, string listing, int listed, int first, int firstBatch)
    {
        (Batches, Listing, Listed, First, FirstBatch) = (batches, listing, listed, first, firstBatch);
        Count = batches.Sum(batch => batch.Length);
    }

    /// <summary>Files of one kind, as many as go through the network at once; the last of a kind may be smaller.</summary>
    public IReadOnlyList<InputFile[]> Batches { get; }

    /// <summary>A hash of the names of all files.</summary>
    public string Listing { get; }

    /// <summary>How many files were given.</summary>
    public int Listed { get; }

    /// <summary>The place of the first batch's first file among all.</summary>
    public int First { get; }

    /// <summary>The place of the first batch among all.</summary>
    public int FirstBatch { get; }

    /// <summary>How many files the batches hold.</summary>
    public int Count { get; }

    public IEnumerable<InputFile> Files => Batches.SelectMany(batch => batch);

    public static RunPlan Of(IReadOnlyList<InputFile> files, int batchSize)
    {
        InputFile[] ordered = [.. files.OrderBy(file => file.IsTensor).Select((file, place) => file with { Place = place })];
        InputFile[][] batches = [.. ordered.GroupBy(file => file.IsTensor).SelectMany(kind => kind.Chunk(batchSize))];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (InputFile file in ordered)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.OutputName + "\n"));
        }

        return new RunPlan(batches, Convert.ToHexStringLower(hash.GetHashAndReset()), files.Count, 0, 0);
    }

    /// <summary>A part of it.</summary>
    /// <param name="from">The first batch.</param>
    /// <param name="to">The batch behind the last.</param>
    public RunPlan Slice(int from, int to)
        => new([.. Batches.Skip(from).Take(to - from)], Listing, Listed, First + Batches.Take(from).Sum(batch => batch.Length), FirstBatch + from);
}
