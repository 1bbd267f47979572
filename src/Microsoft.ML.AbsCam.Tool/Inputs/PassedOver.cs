using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>Counts the files of folders that are not taken for images, by their endings, so that nobody misses them unawares.</summary>
internal sealed class PassedOver
{
    private const int MostEndings = 8;
    private const int LongestEnding = 12;
    private const int MostNotes = 5;
    private readonly Dictionary<string, int> _byEnding = [];
    private readonly List<string> _notes = [];

    /// <summary>What was left out for another reason, a sentence each.</summary>
    public IEnumerable<string> Notes => _notes.Count <= MostNotes ? _notes : _notes.Take(MostNotes).Append(string.Create(CultureInfo.InvariantCulture, $"and {_notes.Count - MostNotes} more folders are left out"));

    public void Note(string text) => _notes.Add(text);

    public void Add(string path)
    {
        // A name from elsewhere may hold anything, and this is printed.
        string ending = Path.GetExtension(path).ToLowerInvariant();
        bool isPlain = ending.Length is > 1 and <= LongestEnding && ending.Skip(1).All(char.IsAsciiLetterOrDigit);
        ending = isPlain ? ending : ending.Length <= 1 ? "without an ending" : "of unusual endings";
        _byEnding[ending] = _byEnding.GetValueOrDefault(ending) + 1;
    }

    /// <summary>What was passed over, as the end of a sentence; null for nothing.</summary>
    public override string? ToString()
    {
        if (_byEnding.Count == 0)
        {
            return null;
        }

        KeyValuePair<string, int>[] most = [.. _byEnding.OrderByDescending(ending => ending.Value).ThenBy(ending => ending.Key, StringComparer.Ordinal)];
        IEnumerable<string> named = most.Take(MostEndings).Select(ending => string.Create(CultureInfo.InvariantCulture, $"{ending.Value} {ending.Key}"));
        int others = most.Skip(MostEndings).Sum(ending => ending.Value);
        int all = most.Sum(ending => ending.Value);
        return string.Create(CultureInfo.InvariantCulture, $"{all} other {(all == 1 ? "file is" : "files are")} passed over: {string.Join(", ", named)}{(others > 0 ? $", {others} of other endings" : "")}");
    }
}
