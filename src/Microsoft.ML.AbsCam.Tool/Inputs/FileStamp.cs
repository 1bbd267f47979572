using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>By what a file that changed is noticed: its length and the time of its last change.</summary>
internal static class FileStamp
{
    /// <summary>The stamp of a file that is not there.</summary>
    public const string Gone = "gone";

    /// <summary>The stamp of files that go through the network together, by name and stamp of each.</summary>
    public static string OfBatch(IEnumerable<(string Name, string Stamp)> files)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{file.Name}\n{file.Stamp}\n")))).AsSpan(0, 16));

    public static string Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}") : Gone;
    }
}
