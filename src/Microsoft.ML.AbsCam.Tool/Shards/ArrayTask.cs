namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>What a scheduler says of the task that this process is, in environment variables.</summary>
/// <param name="IdVariable">The variable that tells the tasks of an array apart.</param>
/// <param name="Id">Its value.</param>
/// <param name="Place">Which task of how many this is, counted from 0; null where the scheduler does not say.</param>
/// <param name="Advice">What this scheduler's users do about ids and counts.</param>
internal sealed record ArrayTask(string IdVariable, int Id, (int Index, int Count)? Place, string Advice)
{
    /// <summary>
    /// With a count given, the task's id is the shard's index, so that a few tasks can be submitted anew under their own
    /// numbers. Without one, the array is the whole, and the place in it counts.
    /// </summary>
    /// <exception cref="UsageException">The index is out of range, or nothing says how many shards there are.</exception>
    public Shard AsShard(string text, int? count)
    {
        if (count is int given)
        {
            return Shard.Checked(text, Id, given, $"{IdVariable} is {Id}. {Advice}");
        }

        return Place is (int index, int all)
            ? Shard.Checked(text, index, all, $"{IdVariable} is {Id}.")
            : throw new UsageException($"--shard {text}: {IdVariable} is {Id}, and the environment does not tell of how many shards. Give --shard auto/COUNT, or set {Shard.CountVariable}. {Advice}");
    }
}
