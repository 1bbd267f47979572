using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>A file that was written, and how to tell that it is still whole.</summary>
/// <param name="Name">Its path below the output folder, with forward slashes.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Hash">Its SHA-256, in hexadecimal digits.</param>
internal sealed record KeptFile(string Name, long Length, string Hash)
{
    /// <summary>Whether the name is one below the folders that hold such files. Journals may come from strangers, and merging moves what they name.</summary>
    [JsonIgnore]
    public bool IsSound => Name.Split(Separators) is [var folder, _, ..] names
        && ResultNames.Folders.Contains(folder)
        && !Array.Exists(names, name => name is "" or "." or "..")
        && !Name.Contains('\0')
        && !(OperatingSystem.IsWindows() && Name.Contains(':'));

    // Elsewhere a backslash is a letter like others.
    private static char[] Separators { get; } = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    /// <summary>Whether the file is there as it was written.</summary>
    public bool IsWhole(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, Name));
        if (!file.Exists || file.Length != Length)
        {
            return false;
        }

        try
        {
            using FileStream stream = file.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(stream)) == Hash;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
