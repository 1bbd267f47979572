using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tool;

/// <summary>What the files and folders are called that a run makes in its output folder.</summary>
internal static partial class ResultNames
{
    /// <summary>The journal of 'explain'.</summary>
    public const string Journal = "explain.journal";

    /// <summary>The journal of 'compare' and 'evaluate', which have an index.html of their own.</summary>
    public const string ComparisonsJournal = "comparison.journal";

    /// <summary>What the network answered while an audit runs that is not over.</summary>
    public const string AuditJournal = "audit.journal";

    /// <summary>The table of 'explain'.</summary>
    public const string Results = "results.csv";

    public const string Page = "index.html";

    /// <summary>The rows of a large page, in a folder that is called as browsers call that of a page which is saved.</summary>
    public const string PageFiles = "index_files";

    /// <summary>What an audit found, or a comparison of two runs.</summary>
    public const string Findings = "findings.json";

    public const string Maps = "maps";
    public const string Overlays = "overlays";
    public const string Parquet = "parquet";

    /// <summary>Maps that wait for their Parquet file.</summary>
    public const string Waiting = ".waiting";

    /// <summary>Where files are until they are whole.</summary>
    public const string Unfinished = ".unfinished";

    private const int LeastDigits = 4;

    /// <summary>The folders that hold files which journals speak of.</summary>
    public static IReadOnlyList<string> Folders { get; } = [Maps, Overlays, Parquet, Waiting];

    /// <summary>Those of them that hold images and arrays.</summary>
    public static IReadOnlyList<string> ImageFolders { get; } = [Maps, Overlays, Waiting];

    /// <summary>The folder of one part of a run; names sort as the parts do.</summary>
    public static string OfPart(int index, int count)
    {
        int digits = Math.Max(LeastDigits, (count - 1).ToString(CultureInfo.InvariantCulture).Length);
        string Padded(int number) => number.ToString($"D{digits}", CultureInfo.InvariantCulture);
        return $"part-{Padded(index)}-of-{Padded(count)}";
    }

    /// <summary>The part whose folder is called that; null where it is no part's.</summary>
    public static (int Index, int Count)? PartOf(string name)
        => PartName().Match(name) is { Success: true } match
        && TryParse(match.Groups["index"].Value, out int index)
        && TryParse(match.Groups["count"].Value, out int count)
        && index < count && OfPart(index, count) == name
            ? (index, count)
            : null;

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("^part-(?<index>[0-9]+)-of-(?<count>[0-9]+)$")]
    private static partial Regex PartName();
}
