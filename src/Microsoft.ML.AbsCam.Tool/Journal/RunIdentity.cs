namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>What results depend on, by name: results of two runs may only be mixed where all of it is the same.</summary>
internal static class RunIdentity
{
    /// <param name="one">What one run depends on.</param>
    /// <param name="other">What another does.</param>
    /// <param name="compatible">Versions that change no number; null for those that are known.</param>
    /// <returns>The names of what differs; of versions, also what they are.</returns>
    public static string[] Differences(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other, CompatibleVersions? compatible = null)
    {
        compatible ??= CompatibleVersions.Known;
        return [.. one.Keys.Union(other.Keys).Where(name => !AreAlike(name)).Select(name => name.StartsWith(CompatibleVersions.Prefix, StringComparison.Ordinal)
            ? $"{name} ({one.GetValueOrDefault(name, "unknown")} and {other.GetValueOrDefault(name, "unknown")})"
            : name)];

        bool AreAlike(string name) => name.StartsWith(CompatibleVersions.Prefix, StringComparison.Ordinal)
            ? compatible.AreAlike(name, one.GetValueOrDefault(name), other.GetValueOrDefault(name))
            : one.GetValueOrDefault(name) == other.GetValueOrDefault(name);
    }
}
