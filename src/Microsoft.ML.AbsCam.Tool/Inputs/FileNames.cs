using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What names of files may hold, and how long they may be.</summary>
internal static class FileNames
{
    /// <summary>Why a file or a folder of such a name cannot be opened.</summary>
    public const string WhyForeign = "its name is not UTF-8, so nothing here can open it. Rename it.";

    /// <summary>Bytes of a name that file systems take, less the longest ending that results add: a class of ten digits, .parquet.</summary>
    private const int MostBytes = 255 - 24;

    /// <summary>Bytes of a path below the output folder, which has its own before it.</summary>
    private const int MostPathBytes = 2048;

    private const int HashDigits = 12;

    /// <summary>With forward slashes. Elsewhere than on Windows, a backslash is a letter like others.</summary>
    public static string Slashed(string path) => OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;

    /// <summary>Whether a name has bytes in it that are no text, for which the runtime puts a mark that no file has.</summary>
    public static bool IsForeign(string path) => path.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path);

    /// <summary>The name as file systems take it with an ending more: what is too long is cut, and told apart by a hash of the whole.</summary>
    /// <param name="path">A path with forward slashes.</param>
    public static string Fitting(string path)
    {
        string fitting = string.Join('/', path.Split('/').Select(name => Encoding.UTF8.GetByteCount(name) <= MostBytes ? name : Cut(name, name)));
        return Encoding.UTF8.GetByteCount(fitting) <= MostPathBytes ? fitting : Cut(path.Split('/')[^1], path);
    }

    private static string Cut(string name, string whole)
    {
        var kept = new StringBuilder();
        int bytes = 0;
        foreach (Rune letter in name.EnumerateRunes())
        {
            bytes += letter.Utf8SequenceLength;
            if (bytes > MostBytes - HashDigits - 1)
            {
                break;
            }

            kept.Append(letter);
        }

        return $"{kept}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)).AsSpan(0, HashDigits / 2))}";
    }
}
