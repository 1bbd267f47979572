using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>What a run left in its folder, byte by byte, timings and the journal aside.</summary>
internal static partial class ResultFolder
{
    /// <returns>A line a file: its name and what tells its content.</returns>
    public static string[] Of(string folder)
        => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .Where(file => !file.Name.EndsWith(".journal", StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{file.Name} {Convert.ToHexStringLower(SHA256.HashData(Content(file.Path)))}")];

    private static byte[] Content(string path) => Path.GetExtension(path) switch
    {
        ".csv" => Encoding.UTF8.GetBytes(MillisecondColumn().Replace(File.ReadAllText(path), "$1T$2")),
        ".html" => Encoding.UTF8.GetBytes(Timings().Replace(File.ReadAllText(path), "T")),
        _ => File.ReadAllBytes(path),
    };

    /// <summary>The last field of a row of results.csv, and the numbers in a line of comparison.csv about milliseconds.</summary>
    [GeneratedRegex(@"(,)[0-9.]+(\r\n)|(?<=,milliseconds,[^\r\n]*),[0-9.]+")]
    private static partial Regex MillisecondColumn();

    /// <summary>What a row took, and what the run took and how much of it another process did.</summary>
    [GeneratedRegex("\"milliseconds\":[0-9.eE+-]+|(, \\d+ of them before)?, in [0-9.]+ s \\([0-9.]+ images/s|<td[^>]*>[0-9.]+ ms</td>")]
    private static partial Regex Timings();
}
