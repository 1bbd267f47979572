namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>A task of a Slurm job array. Its ids need not begin at 0, nor follow one another: --array=1-8, --array=0-28:4.</summary>
internal static class SlurmArray
{
    public const string IdVariable = "SLURM_ARRAY_TASK_ID";

    private const string Advice = "Submit with --array=0-LAST, where LAST is the number of shards less 1; a list of ids with gaps of different width tells no count.";

    public static ArrayTask Read(int id, Func<string, string?> environment)
    {
        bool isWhole = Shard.TryParse(environment("SLURM_ARRAY_TASK_COUNT"), out int count)
            & Shard.TryParse(environment("SLURM_ARRAY_TASK_MIN"), out int first)
            & Shard.TryParse(environment("SLURM_ARRAY_TASK_MAX"), out int last);
        return new ArrayTask(IdVariable, id, isWhole ? PlaceOf(id, first, last, count) : null, Advice);
    }

    // The step comes from the ends and the count: of a list of ids, Slurm names a step too, and it means nothing.
    private static (int, int)? PlaceOf(int id, int first, int last, int count)
    {
        if (count == 1)
        {
            return first == last ? (0, 1) : null;
        }

        int gaps = count - 1;
        if (gaps < 1 || last <= first || (last - first) % gaps != 0)
        {
            return null;
        }

        int step = (last - first) / gaps;
        return (id - first) % step == 0 ? ((id - first) / step, count) : null;
    }
}
