using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>
/// What 'explain' has done, a line of JSON an image, written when the image's files have their names. A run that ended, however it did, goes
/// on from its journal; the table and the page are made of it.
/// </summary>
internal sealed class RunJournal : IDisposable
{
    // The page's facts are pairs, which are fields.
    private static readonly JsonSerializerOptions Json = new()
    {
        IncludeFields = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly JournalFile _file;
    private readonly ConcurrentDictionary<string, (long Start, int Place)> _rows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, PartLine> _parts = [];

    /// <exception cref="UsageException">Another process is at work on it.</exception>
    public RunJournal(string path)
    {
        _file = new JournalFile(path);
        Read();
    }

    public string Path => _file.Path;

    /// <summary>The first process's line; null in a journal that is new.</summary>
    public RunLine? FirstRun { get; private set; }

    /// <summary>The last process's line.</summary>
    public RunLine? Run { get; private set; }

    /// <summary>The last line, where the run is over; null in a journal that is damaged, which may have lost what the line speaks of.</summary>
    public EndLine? End { get; private set; }

    /// <summary>How many images it knows.</summary>
    public int Count => _rows.Count;

    /// <summary>Whether nothing is written in it.</summary>
    public bool IsEmpty => _file.Length == 0;

    /// <summary>What is wrong with it, by the line. What those lines said is not known.</summary>
    public IReadOnlyList<string> Damages { get; private set; } = [];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _file.Clear();
        Read();
    }

    /// <summary>Keeps what is known, and nothing of what is damaged. The run is not over then.</summary>
    public void Mend()
    {
        _file.ReplaceWith(_file.ReadAll().Select(line => line.Text).Where(text => Parse(text) is { End: null }));
        Read();
    }

    /// <summary>The images that it knows, of whatever process, by their keys.</summary>
    public IEnumerable<string> Keys => _rows.Keys;

    /// <summary>What came of an image the last time; null where it is not known.</summary>
    public JournalRow? Find(string key) => _rows.TryGetValue(key, out (long Start, int Place) row) ? RowAt(row.Start) : null;

    /// <summary>The images that the last process was to take, as far as they are known, in the order of the files.</summary>
    public IEnumerable<JournalRow> Rows() => _rows.Values.Where(row => IsOfLastRun(row.Place)).OrderBy(row => row.Place).Select(row => RowAt(row.Start));

    /// <summary>The Parquet files of these images, in their order.</summary>
    public IEnumerable<PartLine> Parts() => _parts.Values.Where(part => IsOfLastRun(part.Place)).OrderBy(part => part.Index);

    /// <summary>The files of these images, as they have to be when the run is over.</summary>
    public IEnumerable<KeptFile> Files() => Rows().SelectMany(row => row.Targets).SelectMany(target => target.Files).Concat(Parts().Select(part => part.File));

    /// <summary>All files that it speaks of, of whatever process.</summary>
    public IEnumerable<KeptFile> AllFiles() => _rows.Values.Select(row => RowAt(row.Start)).SelectMany(row => row.Targets).SelectMany(target => target.Files).Concat(_parts.Values.Select(part => part.File));

    /// <summary>The Parquet file of a part of the run; null where it is not written.</summary>
    public PartLine? FindPart(int index) => _parts.GetValueOrDefault(index);

    public void Begin(RunLine run)
    {
        Append(new JournalLine { Run = run });
        (FirstRun, Run, End) = (FirstRun ?? run, run, null);
    }

    public void Add(JournalRow row) => _rows[row.Key] = (Append(new JournalLine { Row = row }), row.Place);

    public void Add(PartLine part)
    {
        Append(new JournalLine { Part = part });
        _parts[part.Index] = part;
    }

    public void Finish(EndLine end)
    {
        Append(new JournalLine { End = end });
        _file.Flush();
        End = end;
    }

    public void Dispose() => _file.Dispose();

    private bool IsOfLastRun(int place) => Run is not null && place >= Run.First && place < Run.First + Run.Count;

    private JournalRow RowAt(long start) => Parse(_file.TextAt(start))!.Row!;

    private long Append(JournalLine line) => _file.Append(JsonSerializer.Serialize(line, Json));

    private void Read()
    {
        _rows.Clear();
        _parts.Clear();
        (FirstRun, Run, End) = (null, null, null);
        var damages = new List<string>();
        bool isOfAnotherRun = false;
        foreach ((long start, string text) in _file.ReadAll())
        {
            JournalLine? line = Parse(text);
            if (line?.Run is { } run)
            {
                FirstRun ??= run;
                isOfAnotherRun = RunIdentity.Differences(FirstRun.Identity, run.Identity).Length > 0;
            }

            if (line is null || isOfAnotherRun)
            {
                damages.Add($"'{text[..Math.Min(text.Length, 60)]}' in '{System.IO.Path.GetFileName(Path)}' {(line is null ? "does not say what a line has to" : "is of another run")}");
                continue;
            }

            Run = line.Run ?? Run;
            End = line.End;
            if (line.Row is { } row)
            {
                _rows[row.Key] = (start, row.Place);
            }

            if (line.Part is { } part)
            {
                _parts[part.Index] = part;
            }
        }

        Damages = [.. _file.Damages, .. damages];
        End = Damages.Count > 0 ? null : End;
    }

    /// <returns>Null for a line that no run writes.</returns>
    private static JournalLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text, Json) is { IsSound: true } line ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
