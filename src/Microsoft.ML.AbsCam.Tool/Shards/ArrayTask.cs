namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>What a scheduler says of the task that this process is, in environment variables.</summary>
/// <param name="IdVariable">The variable that tells the tasks of an array apart.</param>
/// <param name="Id">Its value.</param>
/// <param name="Place">Which task of how many this is, counted from 0; null where the scheduler does not say.</param>
/// <param name="Advice">What this scheduler's users do about ids and counts.</param>
internal sealed record ArrayTask(string IdVariable, int Id, (int Index, int Count)? Place, string Advice)
{
    private static readonly (string IdVariable, Func<int, Func<string, string?>, ArrayTask> Read)[] Schedulers =
    [
        (SlurmArray.IdVariable, SlurmArray.Read),
        ("JOB_COMPLETION_INDEX", (id, _) => new ArrayTask("JOB_COMPLETION_INDEX", id, null, "The count is the Job's .spec.completions.")),
        ("AWS_BATCH_JOB_ARRAY_INDEX", AwsBatch),
        ("AZ_BATCH_TASK_ID", (id, _) => new ArrayTask("AZ_BATCH_TASK_ID", id, null, "The tasks' ids are whole numbers from 0 on, as a parametric sweep makes them.")),
    ];

    /// <exception cref="UsageException">No scheduler's variable is there, or two schedulers' are, or it holds no number.</exception>
    public static ArrayTask Find(Func<string, string?> environment)
    {
        var found = Schedulers.Where(scheduler => !string.IsNullOrEmpty(environment(scheduler.IdVariable))).ToArray();
        if (found.Length == 0)
        {
            throw new UsageException($"--shard auto: no scheduler says which task this is; none of {Names(Schedulers)} is set. Give --shard INDEX/COUNT, such as 0/8.");
        }

        if (found.Length > 1)
        {
            throw new UsageException($"--shard auto: more than one scheduler says which task this is; {Names(found)} are set. Give --shard INDEX/COUNT, such as 0/8.");
        }

        (string variable, Func<int, Func<string, string?>, ArrayTask> read) = found[0];
        return Shard.TryParse(environment(variable), out int id)
            ? read(id, environment)
            : throw new UsageException($"--shard auto: {variable} is '{environment(variable)}', and a whole number from 0 on is expected. Give --shard INDEX/COUNT, such as 0/8.");
    }

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

    private static ArrayTask AwsBatch(int id, Func<string, string?> environment)
    {
        // The size joined the index in the environment later, and what imitates the service may leave it out.
        (int, int)? place = Shard.TryParse(environment("AWS_BATCH_JOB_ARRAY_SIZE"), out int size) ? (id, size) : null;
        return new ArrayTask("AWS_BATCH_JOB_ARRAY_INDEX", id, place, "The count is the array's size.");
    }

    private static string Names(IEnumerable<(string IdVariable, Func<int, Func<string, string?>, ArrayTask> Read)> schedulers)
        => string.Join(", ", schedulers.Select(scheduler => scheduler.IdVariable));
}
