namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>The schedulers whose tasks know by themselves which shard they are.</summary>
internal static class Schedulers
{
    private static readonly (string IdVariable, Func<int, Func<string, string?>, ArrayTask> Read)[] Known =
    [
        (SlurmArray.IdVariable, SlurmArray.Read),
        ("JOB_COMPLETION_INDEX", (id, _) => new ArrayTask("JOB_COMPLETION_INDEX", id, null, "The count is the Job's .spec.completions.")),
        ("AWS_BATCH_JOB_ARRAY_INDEX", AwsBatch),
        ("AZ_BATCH_TASK_ID", (id, _) => new ArrayTask("AZ_BATCH_TASK_ID", id, null, "The tasks' ids are whole numbers from 0 on, as a parametric sweep makes them.")),
    ];

    /// <exception cref="UsageException">No scheduler's variable is there, or two schedulers' are, or it holds no number.</exception>
    public static ArrayTask TaskOf(Func<string, string?> environment)
    {
        var found = Known.Where(scheduler => !string.IsNullOrEmpty(environment(scheduler.IdVariable))).ToArray();
        if (found.Length == 0)
        {
            throw new UsageException($"--shard auto: no scheduler says which task this is; none of {Names(Known)} is set. Give --shard INDEX/COUNT, such as 0/8.");
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

    private static ArrayTask AwsBatch(int id, Func<string, string?> environment)
    {
        // The size joined the index in the environment later, and what imitates the service may leave it out.
        (int, int)? place = Shard.TryParse(environment("AWS_BATCH_JOB_ARRAY_SIZE"), out int size) ? (id, size) : null;
        return new ArrayTask("AWS_BATCH_JOB_ARRAY_INDEX", id, place, "The count is the array's size.");
    }

    private static string Names(IEnumerable<(string IdVariable, Func<int, Func<string, string?>, ArrayTask> Read)> schedulers)
        => string.Join(", ", schedulers.Select(scheduler => scheduler.IdVariable));
}
