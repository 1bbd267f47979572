using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>Turns what was given on the command line, files, folders and patterns, into a list of files in a stable order.</summary>
internal static class InputFiles
{
    // What the decoder reads, under the names that cameras, browsers and Windows give it.
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".pjpeg", ".pjp", ".png", ".apng", ".webp", ".bmp", ".dib", ".gif", ".npy"];

    /// <param name="arguments">Files, folders and patterns.</param>
    /// <param name="output">The folder for results: maps and overlays of an earlier run in it are not inputs.</param>
    /// <param name="passedOver">Counts the files of folders that are not taken; null where nobody asks.</param>
    /// <exception cref="UsageException">An argument stands for no file.</exception>
    public static IReadOnlyList<InputFile> Find(IEnumerable<string> arguments, string output, PassedOver? passedOver = null)
    {
        passedOver ??= new PassedOver();
        string whole = Path.GetFullPath(output) + Path.DirectorySeparatorChar;
        var found = new List<(string Path, string Name)>();
        foreach (string argument in arguments)
        {
            int before = found.Count;
            found.AddRange(Expand(argument, path => Pass(path, whole, passedOver))
                .Where(file => file.Path == argument || !IsResult(Path.GetFullPath(file.Path), whole))
                .OrderBy(file => file.Name, StringComparer.Ordinal));
            if (found.Count == before)
            {
                throw new UsageException(Directory.Exists(argument)
                    ? $"The folder '{argument}' has no images in it. Files that end in {string.Join(", ", Extensions)} are taken, in sub-folders too{(passedOver.ToString() is { } others ? $"; {others}" : "")}."
                    : $"There is no file '{argument}', and no file fits it as a pattern.");
            }
        }

        return NameOutputs([.. found.DistinctBy(file => Path.GetFullPath(file.Path))]);
    }

    /// <summary>Whether a file lies in one of the folders that a run, or a part of one, makes.</summary>
    private static bool IsResult(string path, string output)
    {
        return path.StartsWith(output, StringComparison.Ordinal)
            && path[output.Length..].Split(Path.DirectorySeparatorChar) is [var folder, _, ..]
            && (OutputFolder.OwnFolders.Contains(folder) || PartFolders.ShardOf(folder) is not null);
    }

    /// <summary>Whatever a run wrote into its folder is no input that somebody could miss.</summary>
    private static void Pass(string path, string output, PassedOver passedOver)
    {
        if (!Path.GetFullPath(path).StartsWith(output, StringComparison.Ordinal))
        {
            passedOver.Add(path);
        }
    }

    private static IEnumerable<(string Path, string Name)> Expand(string argument, Action<string> passOver)
    {
        if (File.Exists(argument))
        {
            return [(argument, Path.GetFileName(argument))];
        }

        if (Directory.Exists(argument))
        {
            return Directory.EnumerateFiles(argument, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .Where(path => IsTaken(path, passOver))
                .Select(path => (path, Path.GetRelativePath(argument, path).Replace('\\', '/')));
        }

        // The folder is what stands before the first part with a wildcard.
        string[] parts = argument.Replace('\\', '/').Split('/');
        int fixedParts = Array.FindIndex(parts, part => part.AsSpan().ContainsAny('*', '?'));
        if (fixedParts < 0)
        {
            return [];
        }

        string root = string.Join('/', parts[..fixedParts]);
        root = root.Length > 0 ? root : argument.StartsWith('/') ? "/" : ".";
        if (!Directory.Exists(root))
        {
            return [];
        }

        return new Matcher(StringComparison.OrdinalIgnoreCase)
            .AddInclude(string.Join('/', parts[fixedParts..]))
            .GetResultsInFullPath(root)
            .Select(path => (path, Path.GetRelativePath(root, path).Replace('\\', '/')));
    }

    private static bool IsTaken(string path, Action<string> passOver)
    {
        bool isTaken = Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
        if (!isTaken)
        {
            passOver(path);
        }

        return isTaken;
    }

    /// <summary>Outputs are named after inputs without the extension, unless that would make two the same.</summary>
    private static List<InputFile> NameOutputs(List<(string Path, string Name)> files)
    {
        var uses = files.Select(file => Path.ChangeExtension(file.Name, null)).CountBy(name => name, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var named = new List<InputFile>(files.Count);
        foreach ((string path, string name) in files)
        {
            string plain = Path.ChangeExtension(name, null);
            string wanted = uses[plain] == 1 ? plain : name;
            string output = wanted;
            for (int i = 2; !taken.Add(output); i++)
            {
                output = $"{wanted}-{i}";
            }

            named.Add(new InputFile(path, name, output));
        }

        return named;
    }
}
