using System.Text;
using System.Text.Json;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>
/// What is done, a line of JSON each, written as it is done: a run that was interrupted, by whatever, goes on behind the last whole line.
/// The first line says what the run depends on.
/// </summary>
internal sealed class ComparisonJournal : IDisposable
{
    public const string FileName = "comparison.journal";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly StreamWriter _writer;
    private readonly Dictionary<(string Source, string Image), JournalEntry> _entries = [];
    private readonly Dictionary<(string Kind, string Source), WholeEntry> _whole = [];

    /// <param name="folder">Where the journal is.</param>
    /// <param name="identity">What the results depend on beside the code.</param>
    /// <exception cref="UsageException">The folder holds the journal of another comparison.</exception>
    public ComparisonJournal(string folder, IReadOnlyList<(string Name, string Value)> identity)
    {
        string path = Path.Combine(folder, FileName);
        string header = JsonSerializer.Serialize(identity.ToDictionary(pair => pair.Name, pair => pair.Value), Json);
        long end = Read(path, folder, identity);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        _writer = new StreamWriter(file, new UTF8Encoding(false)) { NewLine = "\n" };
        if (end == 0)
        {
            _writer.WriteLine(header);
            _writer.Flush();
        }
    }

    public JournalEntry? Find(string source, string image, string stamp)
        => _entries.TryGetValue((source, image), out JournalEntry? entry) && entry.Stamp == stamp ? entry : null;

    public void Add(JournalEntry entry)
    {
        _writer.WriteLine(JsonSerializer.Serialize(entry, Json));
        _writer.Flush();
        _entries[(entry.Source, entry.Image)] = entry;
    }

    public WholeEntry? FindWhole(string kind, string source, string stamp)
        => _whole.TryGetValue((kind, source), out WholeEntry? entry) && entry.Stamp == stamp ? entry : null;

    public void Add(WholeEntry entry)
    {
        _writer.WriteLine(JsonSerializer.Serialize(entry, Json));
        _writer.Flush();
        _whole[(entry.Kind, entry.Source)] = entry;
    }

    public void Dispose() => _writer.Dispose();

    /// <returns>Where the last whole line ends.</returns>
    private long Read(string path, string folder, IReadOnlyList<(string Name, string Value)> identity)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        long end = 0;
        foreach ((string line, long behind) in Lines(path))
        {
            if (end == 0)
            {
                CheckIdentity(line, folder, identity);
            }
            else if (!TryTake(line))
            {
                break;
            }

            end = behind;
        }

        return end;
    }

    private static IEnumerable<(string Line, long End)> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var rest = new StringBuilder();
        long end = 0;
        char[] buffer = new char[1 << 16];
        for (int read; (read = reader.Read(buffer)) > 0;)
        {
            int from = 0;
            for (int to; (to = Array.IndexOf(buffer, '\n', from, read - from)) >= 0; from = to + 1)
            {
                rest.Append(buffer, from, to - from);
                string line = rest.ToString();
                rest.Clear();
                end += Encoding.UTF8.GetByteCount(line) + 1;
                yield return (line, end);
            }

            rest.Append(buffer, from, read - from);
        }
    }

    private static void CheckIdentity(string line, string folder, IReadOnlyList<(string Name, string Value)> identity)
    {
        Dictionary<string, string>? there = null;
        try
        {
            there = JsonSerializer.Deserialize<Dictionary<string, string>>(line, Json);
        }
        catch (JsonException)
        {
        }

        string[] different = [.. identity.Where(pair => there?.GetValueOrDefault(pair.Name) != pair.Value).Select(pair => pair.Name)];
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
