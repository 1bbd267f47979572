using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>What is measured, a line of JSON each, written as it is measured. The first line says what the run depends on.</summary>
internal sealed class ComparisonJournal : IDisposable
{
    public const string FileName = ResultNames.ComparisonsJournal;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
    private readonly JournalFile _file;
    private readonly Dictionary<(string Source, string Image), JournalEntry> _entries = [];
    private readonly Dictionary<(string Kind, string Source), DataSetEntry> _whole = [];

    /// <param name="folder">Where the journal is.</param>
    /// <param name="identity">What the results depend on.</param>
    /// <param name="overwrite">Whether an earlier comparison is forgotten.</param>
    /// <exception cref="UsageException">The folder holds the journal of another comparison.</exception>
    public ComparisonJournal(string folder, IReadOnlyDictionary<string, string> identity, bool overwrite = false)
    {
        _file = new JournalFile(Path.Combine(folder, FileName));
        try
        {
            if (overwrite)
            {
                _file.Clear();
            }

            Read(folder, identity);
            if (_file.Length == 0)
            {
                Append(new JournalLine { Identity = identity });
            }
            else if (Damages.Count > 0)
            {
                _file.ReplaceWith(_file.ReadAll().Select(line => line.Text).Where(text => Parse(text) is not null).ToArray());
                Read(folder, identity);
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What was wrong with the journal, by the line, before it was mended.</summary>
    public IReadOnlyList<string> Damages { get; private set; } = [];

    /// <summary>How many maps it knows.</summary>
    public int Count => _entries.Count;

    public JournalEntry? Find(string source, string image, string stamp)
        => _entries.TryGetValue((source, image), out JournalEntry? entry) && entry.Stamp == stamp ? entry : null;

    public void Add(JournalEntry entry)
    {
        Append(new JournalLine { Entry = entry });
        _entries[(entry.Source, entry.Image)] = entry;
    }

    public DataSetEntry? FindWhole(string kind, string source, string stamp)
        => _whole.TryGetValue((kind, source), out DataSetEntry? entry) && entry.Stamp == stamp ? entry : null;

    public void Add(DataSetEntry entry)
    {
        Append(new JournalLine { Whole = entry });
        _whole[(entry.Kind, entry.Source)] = entry;
    }

    public void Dispose() => _file.Dispose();

    private void Append(JournalLine line) => _file.Append(JsonSerializer.Serialize(line, Json));

    private void Read(string folder, IReadOnlyDictionary<string, string> identity)
    {
        var damages = new List<string>();
        bool isKnown = false;
        foreach ((_, string text) in _file.ReadAll())
        {
            switch (Parse(text))
            {
                case { Identity: { } there }:
                    CheckIdentity(there, folder, identity);
                    isKnown = true;
                    break;
                case { Entry: { } entry }:
                    _entries[(entry.Source, entry.Image)] = entry;
                    break;
                case { Whole: { } whole }:
                    _whole[(whole.Kind, whole.Source)] = whole;
                    break;
                default:
                    damages.Add($"'{text[..Math.Min(text.Length, 60)]}' in '{FileName}' does not say what a line has to");
                    break;
            }
        }

        Damages = Damages.Count > 0 ? Damages : [.. _file.Damages, .. damages];
        if (!isKnown && _file.Length > 0)
        {
            throw Refusal(folder, $"nothing in its journal says what it depends on{(Damages.Count > 0 ? $": {Damages[0]}" : "")}");
        }
    }

    private static void CheckIdentity(IReadOnlyDictionary<string, string> there, string folder, IReadOnlyDictionary<string, string> identity)
    {
        string[] different = RunIdentity.Differences(there, identity);
        if (different.Length > 0)
        {
            throw Refusal(folder, $"other {string.Join(", ", different)}");
        }
    }

    private static UsageException Refusal(string folder, string why)
        => new($"The folder '{folder}' holds another comparison ({why}), and its results would be mixed with this one's. Give another folder with --output, or --overwrite to begin anew in this one.");

    /// <returns>Null for a line that no comparison writes.</returns>
    private static JournalLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A line: one of these.</summary>
    private sealed record JournalLine
    {
        public IReadOnlyDictionary<string, string>? Identity { get; init; }

        public JournalEntry? Entry { get; init; }

        public DataSetEntry? Whole { get; init; }
    }
}
