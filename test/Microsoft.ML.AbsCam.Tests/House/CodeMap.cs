using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>
/// Which folder of a project knows which other: the source is read, and a folder knows another where one of its files names a type that the
/// other declares, in nameof too. Comments and texts do not count. A name that is declared twice tells nothing.
/// </summary>
internal sealed class CodeMap
{
    private readonly Dictionary<string, HashSet<string>> _known = [];

    /// <param name="projects">
    /// Folders with source, each before those that it builds upon, which the compiler keeps from knowing it; by the name that the first step of a file's
    /// place gets, null where its own subfolders are the first step.
    /// </param>
    public CodeMap(params (string? Name, string Folder)[] projects)
    {
        (int Project, string Place, SyntaxNode Code)[] files = [.. projects.SelectMany((project, i) =>
            FilesOf(project.Folder).Select(file => (i, PlaceOf(project.Name, project.Folder, file), CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot())))];
        var homes = new Dictionary<string, (int Project, string? Place)>();
        foreach ((int project, string place, SyntaxNode code) in files)
        {
            foreach (string name in Declared(code))
            {
                // Parts of one type lie in one folder, or its home is unknown.
                homes[name] = (project, homes.TryGetValue(name, out var other) && other.Place != place ? null : place);
            }
        }

        foreach ((int project, string place, SyntaxNode code) in files)
        {
            foreach (string name in code.DescendantNodes().OfType<SimpleNameSyntax>().Select(named => named.Identifier.ValueText).Distinct())
            {
                if (homes.TryGetValue(name, out var found) && found.Place is string home && home != place && found.Project >= project)
                {
                    AddArrow(place, home);
                }
            }
        }
    }

    /// <summary>The arrows between folders that lie side by side, as "from → to", by the paths of both.</summary>
    public IEnumerable<(string From, string To)> Arrows => _known.SelectMany(known => known.Value.Select(to => (known.Key, to)));

    /// <summary>Folders side by side that know each other.</summary>
    public IEnumerable<string> BothWays =>
        Arrows.Where(arrow => string.CompareOrdinal(arrow.From, arrow.To) < 0 && _known.GetValueOrDefault(arrow.To)?.Contains(arrow.From) == true)
            .Select(arrow => $"{arrow.From} and {arrow.To}").Order(StringComparer.Ordinal);

    /// <summary>The rooms of the house, each with those that it knows, from the one that nobody knows to those that know nobody.</summary>
    /// <exception cref="InvalidOperationException">They know each other in a circle.</exception>
    public IEnumerable<string> Picture()
    {
        Dictionary<string, HashSet<string>> rooms = Arrows.Where(arrow => !arrow.From.Contains('/') && !arrow.To.Contains('/'))
            .SelectMany(arrow => new[] { arrow.From, arrow.To }).Distinct()
            .ToDictionary(room => room, room => _known.GetValueOrDefault(room) ?? []);
        while (rooms.Count > 0)
        {
            string[] first = [.. rooms.Keys.Where(room => !rooms.Any(other => other.Value.Contains(room))).Order(StringComparer.Ordinal)];
            if (first.Length == 0)
            {
                throw new InvalidOperationException($"In a circle: {string.Join(", ", rooms.Keys.Order(StringComparer.Ordinal))}.");
            }

            foreach (string room in first)
            {
                yield return rooms[room].Count == 0 ? room : $"{room} → {string.Join(", ", rooms[room].Order(StringComparer.Ordinal))}";
                rooms.Remove(room);
            }
        }
    }

    private void AddArrow(string from, string to)
    {
        // Up to where their ways part: a folder may know what lies above it, and what lies in it.
        string[] a = from.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string[] b = to.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int shared = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        if (shared < a.Length && shared < b.Length)
        {
            string side(string[] parts) => string.Join('/', parts[..(shared + 1)]);
            if (!_known.TryGetValue(side(a), out HashSet<string>? known))
            {
                _known[side(a)] = known = [];
            }

            known.Add(side(b));
        }
    }

    private static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string PlaceOf(string? project, string folder, string file)
    {
        string inside = Path.GetDirectoryName(Path.GetRelativePath(folder, file))!.Replace(Path.DirectorySeparatorChar, '/');
        return string.Join('/', new[] { project, inside }.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static IEnumerable<string> Declared(SyntaxNode code) => code.DescendantNodes()
        .Select(node => (node as BaseTypeDeclarationSyntax)?.Identifier.ValueText ?? (node as DelegateDeclarationSyntax)?.Identifier.ValueText)
        .OfType<string>().Distinct();
}
