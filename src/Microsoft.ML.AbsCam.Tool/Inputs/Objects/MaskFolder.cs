namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>A folder of masks, one a photo and named like it: black is not the object, and everything else is.</summary>
internal sealed class MaskFolder
{
    // A mask that lost detail has grey borders which would all count as the object.
    private static readonly string[] Extensions = [".png", ".bmp", ".gif", ".webp"];

    /// <param name="path">The folder.</param>
    /// <param name="option">What names it on the command line, for messages; null for --object-masks.</param>
    /// <exception cref="UsageException">There is no such folder, or no mask in it.</exception>
    public MaskFolder(string path, string? option = null)
    {
        if (!Directory.Exists(path) || !Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Any(file => Extensions.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)))
        {
            throw new UsageException($"{option ?? $"--object-masks {path}"}: a folder of mask images is expected, one a photo and named like it, ending in {string.Join(", ", Extensions)}.");
        }

        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The photo's mask; null where there is none.</summary>
    public string? Of(InputFile file)
    {
        string plain = System.IO.Path.ChangeExtension(file.Name, null);
        return Extensions.SelectMany(extension => new[] { plain + extension, System.IO.Path.GetFileName(plain) + extension })
            .Select(name => System.IO.Path.Combine(Path, name))
            .FirstOrDefault(File.Exists);
    }
}
