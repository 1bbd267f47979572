using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>
/// What 'explain' has done, a line of JSON an image, written when the image's files have their names. A run that ended, however it did, goes
/// on from its journal; the table and the page are made of it.
/// </summary>
internal sealed class RunJournal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly JournalFile _file;
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);

    /// <exception cref="UsageException">Another process is at work on it.</exception>
    public RunJournal(string path)
    {
        _file = new JournalFile(path);
        foreach ((long start, string text) in _file.Lines())
        {
            if (Parse(text) is not { } line)
            {
                // Whoever wrote into it, what stands before is ours.
                _file.CutAt(start);
                break;
            }

            Run = line.Run ?? Run;
            FirstRun ??= line.Run;
            End = line.End;
            if (line.Row is { } row)
            {
                _rows[row.Key] = start;
            }
        }
    }

    public string Path => _file.Path;

    /// <summary>The first process's line; null in a journal that is new.</summary>
    public RunLine? FirstRun { get; private set; }

    /// <summary>The last process's line.</summary>
    public RunLine? Run { get; private set; }

    /// <summary>The last line, where the run is over.</summary>
    public EndLine? End { get; private set; }

    /// <summary>How many images it knows.</summary>
    public int Count => _rows.Count;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _file.CutAt(0);
        _rows.Clear();
        (FirstRun, Run, End) = (null, null, null);
    }

    /// <summary>What came of an image the last time; null where it is not known.</summary>
    public JournalRow? Find(string key) => _rows.TryGetValue(key, out long start) ? Parse(_file.LineAt(start))?.Row : null;

    public void Begin(RunLine run)
    {
        Append(new JournalLine { Run = run });
        (FirstRun, Run, End) = (FirstRun ?? run, run, null);
    }

    public void Add(JournalRow row) => _rows[row.Key] = Append(new JournalLine { Row = row });

    public void Finish(EndLine end)
    {
        Append(new JournalLine { End = end });
        _file.Flush();
        End = end;
    }

    public void Dispose() => _file.Dispose();

    private long Append(JournalLine line) => _file.Append(JsonSerializer.Serialize(line, Json));

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
}
