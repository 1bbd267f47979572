using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>What a run left in a folder, without times: those of files, of images, and of the run.</summary>
internal static partial class RunFolder
{
    /// <summary>Every file's name below the folder and what is in it.</summary>
    public static SortedDictionary<string, string> Read(string folder)
    {
        return new(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Content),
            StringComparer.Ordinal);
    }

    public static void AreAlike(string expected, string actual)
    {
        SortedDictionary<string, string> one = Read(expected);
        SortedDictionary<string, string> other = Read(actual);
        Assert.AreEqual(string.Join('\n', one.Keys), string.Join('\n', other.Keys));
        foreach ((string name, string content) in one)
        {
            Assert.AreEqual(content, other[name], name);
        }
    }

    private static string Content(string path)
    {
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        return Path.GetFileName(path) switch
        {
            "results.csv" => TimeInTable().Replace(text, ""),

            // A journal may tell of several processes, and of an image more than once: what counts is what it ends with.
            "explain.journal" => string.Join('\n', TimeInJson().Replace(text, "").Split('\n').Where(line => line.Length > 0 && !line.StartsWith("{\"run\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Distinct()),
            "index.html" => TimeInSummary().Replace(TimeInJson().Replace(text, ""), ""),
            _ => text,
        };
    }

    [GeneratedRegex(@",[0-9.]+(?=\r\n)")]
    private static partial Regex TimeInTable();

    [GeneratedRegex(@"""milliseconds"":[0-9.E-]+|\\u0022milliseconds\\u0022:[0-9.E-]+")]
    private static partial Regex TimeInJson();

    [GeneratedRegex(@"(, [0-9]+ of them before)?, in [0-9.]+ s \([0-9.]+ images/s")]
    private static partial Regex TimeInSummary();
}
