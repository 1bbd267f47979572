namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>What --shard says: 3/8, auto, or auto/8.</summary>
internal static class ShardOption
{
    private const string Auto = "auto";

    /// <param name="text">The option's value.</param>
    /// <param name="environment">Environment variables by name, where 'auto' looks for the scheduler's.</param>
    /// <exception cref="UsageException">The text is none of these, the index is out of range, or no scheduler says which shard this is.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        string[] parts = text.Split('/');
        if (parts is [Auto] or [Auto, _])
        {
            int? count = parts.Length == 2 ? Shard.ParseCount($"--shard {text}: behind the stroke", parts[1])
                : environment(Shard.CountVariable) is { Length: > 0 } set ? Shard.ParseCount($"{Shard.CountVariable}={set}: there", set)
                : null;
            return Schedulers.TaskOf(environment).AsShard(text, count);
        }

        if (parts.Length != 2 || !Shard.TryParse(parts[0], out int index))
        {
            throw new UsageException($"--shard {text}: INDEX/COUNT is expected, such as 0/8 for the first of eight shards, or 'auto' or 'auto/COUNT' in a task of a scheduler's array.");
        }

        return Shard.Checked(text, index, Shard.ParseCount($"--shard {text}: behind the stroke", parts[1]), "");
    }
}
