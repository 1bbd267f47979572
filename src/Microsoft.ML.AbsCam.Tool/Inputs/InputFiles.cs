using Microsoft.Extensions.FileSystemGlobbing;

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
            found.AddRange(Expand(argument, path => Pass(path, whole, passedOver), passedOver.Note)
                .Where(file => file.Path == argument || !IsResult(Path.GetFullPath(file.Path), whole))
                .OrderBy(file => file.Name, StringComparer.Ordinal));
            if (found.Count == before)
            {
                throw new UsageException(Directory.Exists(argument)
                    ? $"The folder '{argument}' has no images in it. Files that end in {string.Join(", ", Extensions)} are taken, in sub-folders too{(passedOver.ToString() is { } others ? $"; {others}" : "")}."
                    : $"There is no file '{argument}', and no file fits it as a pattern.");
            }
        }

        // Names that are no text look alike and are not.
        return OutputNames.Of([.. found.Select((file, place) => (File: file, place)).DistinctBy(file => FileNames.IsForeign(file.File.Path) ? $"{file.place}" : Path.GetFullPath(file.File.Path)).Select(file => file.File)]);
    }

    /// <summary>Whether a file lies in one of the folders that a run, or a part of one, makes.</summary>
    private static bool IsResult(string path, string output)
    {
        return path.StartsWith(output, StringComparison.Ordinal)
            && path[output.Length..].Split(Path.DirectorySeparatorChar) is [var folder, _, ..]
            && (ResultNames.ImageFolders.Contains(folder) || ResultNames.PartOf(folder) is not null);
    }

    /// <summary>Whatever a run wrote into its folder is no input that somebody could miss.</summary>
    private static void Pass(string path, string output, PassedOver passedOver)
    {
        if (!Path.GetFullPath(path).StartsWith(output, StringComparison.Ordinal))
        {
            passedOver.Add(path);
        }
    }

    private static IEnumerable<(string Path, string Name)> Expand(string argument, Action<string> passOver, Action<string> note)
    {
        if (File.Exists(argument))
        {
            return [(argument, Path.GetFileName(argument))];
        }

        if (Directory.Exists(argument))
        {
            return new FolderWalk(note).Files(argument)
                .Where(path => IsTaken(path, passOver))
                .Select(path => (path, FileNames.Slashed(Path.GetRelativePath(argument, path))));
        }

        // The folder is what stands before the first part with a wildcard.
        string[] parts = FileNames.Slashed(argument).Split('/');
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

        string[] pattern = parts[fixedParts..];
        string[] files = [.. new FolderWalk(note, withHidden: true).Files(Path.GetFullPath(root), pattern.Contains("**") ? int.MaxValue : pattern.Length - 1)];
        return new Matcher(StringComparison.OrdinalIgnoreCase)
            .AddInclude(string.Join('/', pattern))
            .Match(Path.GetFullPath(root), files)
            .Files
            .Select(file => (Path.Combine(root, file.Path), FileNames.Slashed(file.Path)));
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
}
