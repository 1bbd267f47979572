namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>Which versions of a component give the same numbers.</summary>
internal sealed class CompatibleVersions
{
    /// <summary>What the names of versions begin with among what a run depends on.</summary>
    public const string Prefix = "version of ";

    private readonly ILookup<string, string[]> _groups;

    private CompatibleVersions(ILookup<string, string[]> groups) => _groups = groups;

    /// <summary>Those that are known.</summary>
    public static CompatibleVersions Known { get; } = Read(Resource());

    /// <param name="text">A line a group: a component's name, a colon, versions. Lines that begin with # are remarks.</param>
    public static CompatibleVersions Read(string text) => new(text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(':', 2))
        .ToLookup(parts => parts[0].Trim(), parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    /// <param name="component">The component, with or without <see cref="Prefix"/>.</param>
    /// <param name="one">A version; what stands behind a plus names the revision that it was built from.</param>
    /// <param name="other">Another.</param>
    public bool AreAlike(string component, string? one, string? other)
        => one == other || (one is not null && other is not null && _groups[Name(component)].Any(group => group.Contains(Released(one)) && group.Contains(Released(other))));

    private static string Name(string component) => component.StartsWith(Prefix, StringComparison.Ordinal) ? component[Prefix.Length..] : component;

    private static string Released(string version) => version.Split('+')[0];

    private static string Resource()
    {
        using Stream stream = typeof(CompatibleVersions).Assembly.GetManifestResourceStream("compatible-versions.txt")
            ?? throw new InvalidOperationException("The list of compatible versions is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
