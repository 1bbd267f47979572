namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>What results depend on, by name: results of two runs may only be mixed where all of it is the same.</summary>
internal static class RunIdentity
{
    /// <returns>The names of what differs.</returns>
    public static string[] Differences(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other)
        => [.. one.Keys.Union(other.Keys).Where(name => one.GetValueOrDefault(name) != other.GetValueOrDefault(name))];
}
