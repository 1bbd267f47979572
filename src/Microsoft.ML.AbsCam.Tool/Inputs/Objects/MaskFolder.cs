namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>A folder of masks, one a photo and named like it: black is not the object, and everything else is.</summary>
internal sealed class MaskFolder
{
    // A mask that lost detail has grey borders which would all count as the object.
    private static readonly string[] Extensions = [".png", ".bmp", ".gif", ".webp"];
    private readonly string _path;

    /// <exception cref="UsageException">There is no such folder, or no mask in it.</exception>
    public MaskFolder(string path)
    {
        if (!Directory.Exists(path) || !Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Any(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)))
        {
            throw new UsageException($"--object-masks {path}: a folder of mask images is expected, one a photo and named like it, ending in {string.Join(", ", Extensions)}.");
        }

        _path = path;
    }

    /// <summary>The photo's mask; null where there is none.</summary>
    public string? Of(InputFile file)
    {
        string plain = Path.ChangeExtension(file.Name, null);
        return Extensions.SelectMany(extension => new[] { plain + extension, Path.GetFileName(plain) + extension })
            .Select(name => Path.Combine(_path, name))
            .FirstOrDefault(File.Exists);
    }
}
