using System.IO.Enumeration;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>
/// Lists the files below a folder. Links to folders are followed, and each folder is listed once, under its own name before that of a link: a
/// link to a folder above would have no end, and one photo would be many.
/// </summary>
/// <param name="note">What is left out is said to it.</param>
/// <param name="withHidden">Whether hidden files count, as where a pattern names them.</param>
internal sealed class FolderWalk(Action<string> note, bool withHidden = false)
{
    private const int MostLinks = 40;

    private readonly EnumerationOptions _here = new() { IgnoreInaccessible = false, AttributesToSkip = withHidden ? 0 : FileAttributes.Hidden | FileAttributes.System };
    private readonly HashSet<string> _seen = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly Queue<(string Path, string Real, int Depth)> _folders = new();
    private readonly PriorityQueue<(string Path, int Depth), (int Depth, string Path)> _links = new(Comparer<(int Depth, string Path)>.Create((one, other)
        => one.Depth != other.Depth ? one.Depth.CompareTo(other.Depth) : string.CompareOrdinal(one.Path, other.Path)));

    /// <param name="root">The folder.</param>
    /// <param name="depth">How far below the folder files may lie; 0 for the folder itself alone.</param>
    public IEnumerable<string> Files(string root, int depth = int.MaxValue)
    {
        _folders.Enqueue((root, RealPath(root), 0));
        while (Next(out string path, out string real, out int at))
        {
            if (!_seen.Add(real))
            {
                note($"the folder '{path}' is a link to one that is listed already, and is left out");
                continue;
            }

            (string Name, bool IsFolder, bool IsLink)[] entries = Entries(path);
            bool holdsRun = Array.Exists(entries, entry => entry.Name == ResultNames.Journal);
            foreach ((string name, bool isFolder, bool isLink) in entries)
            {
                if (holdsRun && isFolder && ResultNames.Folders.Contains(name))
                {
                    // Maps and overlays of an earlier run are no photos.
                    continue;
                }

                string child = Path.Combine(path, name);
                if (!isFolder)
                {
                    yield return child;
                }
                else if (at < depth && isLink)
                {
                    _links.Enqueue((child, at + 1), (at + 1, child));
                }
                else if (at < depth)
                {
                    _folders.Enqueue((child, Path.Combine(real, name), at + 1));
                }
            }
        }
    }

    private bool Next(out string path, out string real, out int depth)
    {
        if (_folders.TryDequeue(out (string Path, string Real, int Depth) folder))
        {
            (path, real, depth) = folder;
            return true;
        }

        if (_links.TryDequeue(out (string Path, int Depth) link, out _))
        {
            (path, real, depth) = (link.Path, RealPath(link.Path), link.Depth);
            return true;
        }

        (path, real, depth) = ("", "", 0);
        return false;
    }

    private (string Name, bool IsFolder, bool IsLink)[] Entries(string path)
    {
        try
        {
            return [.. new FileSystemEnumerable<(string, bool, bool)>(path, (ref FileSystemEntry entry)
                => (entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint)), _here)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            note($"the folder '{path}' cannot be listed, and what is in it is left out: {(FileNames.IsForeign(path) ? FileNames.WhyForeign : e.Message)}");
            return [];
        }
    }

    /// <summary>The path without links in it.</summary>
    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (FirstLink(full) is not (var link, var target, var behind))
            {
                break;
            }

            full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(link)!, target, behind));
        }

        return Path.TrimEndingDirectorySeparator(full);
    }

    private static (string Link, string Target, string Behind)? FirstLink(string full)
    {
        string root = Path.GetPathRoot(full)!;
        string[] names = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        string path = root;
        for (int i = 0; i < names.Length; i++)
        {
            path = Path.Combine(path, names[i]);
            if (new DirectoryInfo(path).LinkTarget is { } target)
            {
                return (path, target, Path.Combine([".", .. names[(i + 1)..]]));
            }
        }

        return null;
    }
}
