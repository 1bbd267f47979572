using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>What is measured, a line of JSON each, written as it is measured. The first line says what the run depends on.</summary>
internal sealed class ComparisonJournal : IDisposable
{
    public const string FileName = "comparison.journal";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly JournalFile _file;
    private readonly Dictionary<(string Source, string Image), JournalEntry> _entries = [];
    private readonly Dictionary<(string Kind, string Source), WholeEntry> _whole = [];

    /// <param name="folder">Where the journal is.</param>
    /// <param name="identity">What the results depend on beside the code.</param>
    /// <param name="resume">Whether results that are there are gone on with.</param>
    /// <exception cref="UsageException">The folder holds the journal of another comparison, or one that is not to be gone on with.</exception>
    public ComparisonJournal(string folder, IReadOnlyDictionary<string, string> identity, bool resume)
    {
        _file = new JournalFile(Path.Combine(folder, FileName));
        try
        {
            Read(folder, identity);
            if (!resume && _entries.Count + _whole.Count > 0)
            {
                throw new UsageException($"The folder '{folder}' holds {_entries.Count} measured maps of an earlier comparison. Add --resume to go on with them. To begin anew, give another folder with --output, or delete '{_file.Path}'.");
            }

            if (_file.Length == 0)
            {
                _file.Append(JsonSerializer.Serialize(identity, Json));
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public JournalEntry? Find(string source, string image, string stamp)
        => _entries.TryGetValue((source, image), out JournalEntry? entry) && entry.Stamp == stamp ? entry : null;

    public void Add(JournalEntry entry)
    {
        _file.Append(JsonSerializer.Serialize(entry, Json));
        _entries[(entry.Source, entry.Image)] = entry;
    }

    public WholeEntry? FindWhole(string kind, string source, string stamp)
        => _whole.TryGetValue((kind, source), out WholeEntry? entry) && entry.Stamp == stamp ? entry : null;

    public void Add(WholeEntry entry)
    {
        _file.Append(JsonSerializer.Serialize(entry, Json));
        _whole[(entry.Kind, entry.Source)] = entry;
    }

    public void Dispose() => _file.Dispose();

    private void Read(string folder, IReadOnlyDictionary<string, string> identity)
    {
        foreach ((long start, string line) in _file.Lines())
        {
            if (start == 0)
            {
                CheckIdentity(line, folder, identity);
            }
            else if (!TryTake(line))
            {
                _file.CutAt(start);
                return;
            }
        }
    }

    private static void CheckIdentity(string line, string folder, IReadOnlyDictionary<string, string> identity)
    {
        Dictionary<string, string>? there = null;
        try
        {
            there = JsonSerializer.Deserialize<Dictionary<string, string>>(line, Json);
        }
        catch (JsonException)
        {
        }

        string[] different = there is null ? [] : RunIdentity.Differences(there, identity);
        if (there is null || different.Length > 0)
        {
            throw new UsageException($"The folder '{folder}' holds another comparison ({(there is null ? "its journal cannot be read" : $"other {string.Join(", ", different)}")}), and its results would be mixed with this one's. Give another folder with --output, or delete '{Path.Combine(folder, FileName)}'.");
        }
    }

    /// <returns>False for a line that is not whole.</returns>
    private bool TryTake(string line)
    {
        try
        {
            if (line.StartsWith("{\"kind\":", StringComparison.Ordinal))
            {
                WholeEntry whole = JsonSerializer.Deserialize<WholeEntry>(line, Json)!;
                _whole[(whole.Kind, whole.Source)] = whole;
            }
            else
            {
                JournalEntry entry = JsonSerializer.Deserialize<JournalEntry>(line, Json)!;
                _entries[(entry.Source, entry.Image)] = entry;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
