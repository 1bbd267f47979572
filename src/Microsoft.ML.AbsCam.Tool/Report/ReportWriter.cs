using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>
/// Writes a report as a page that needs no network, a row at a time, so that memory does not grow with the rows: one file, or, of many rows, one beside which
/// a folder holds them in files that the page reads as it needs them. The page has its name from completion on; a writer that is disposed before
/// leaves nothing behind.
/// </summary>
internal sealed class ReportWriter : IDisposable
{
    /// <summary>The most images that a page holds itself, about 10 MB of them.</summary>
    public const int MostInPage = 500;

    private readonly ReportTemplate _template;
    private readonly AtomicFile _file;
    private readonly StreamWriter _page;
    private readonly RowFiles? _rows;
    private readonly string _path;
    private bool _isClosed;

    /// <param name="path">Where the page will be; its folder is made if need be, a page that is there is replaced on completion.</param>
    /// <param name="header">What stands above the pictures.</param>
    /// <param name="count">About how many rows are to be expected.</param>
    /// <param name="workFolder">Where the page is until it is whole; null for beside its place.</param>
    public ReportWriter(string path, ReportHeader header, int count, string? workFolder = null)
    {
        _path = path;
        _rows = count > MostInPage ? new RowFiles(workFolder ?? Path.GetDirectoryName(Path.GetFullPath(path))!) : null;
        _template = ReportTemplate.For(header, _rows is null ? null : ResultNames.PageFiles);
        _file = new AtomicFile(path, workFolder);
        _page = new StreamWriter(_file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        _page.Write(_template.BeforeRows);
    }

    /// <summary>The serializer escapes &lt;, &gt; and &amp;, so no text can end the element that it stands in.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>How many rows were added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="row">What it is found by.</param>
    /// <param name="details">What is shown of it.</param>
    public void Add(ReportRow row, RowDetails details)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Count++;
        if (_rows is not null)
        {
            _rows.Add(row.Finite(), details.Finite());
            return;
        }

        // Details are an element of their own behind the row's: the page reads it only when it comes near the window.
        Write("class=\"row\"", row.Finite());
        Write("class=\"details\"", details.Finite());
    }

    /// <summary>Ends the page and gives it its name.</summary>
    /// <param name="facts">What is known only at the end: counts, times.</param>
    public void Complete(params IReadOnlyList<(string Name, string Value)> facts) => Complete(null, [], facts);

    /// <summary>The same with what an audit found.</summary>
    /// <param name="audit">What was looked at and tested; null where nobody looked.</param>
    /// <param name="findings">What it found, whose rows' positions are those of the page.</param>
    /// <param name="facts">What is known only at the end.</param>
    public void Complete(AuditReport? audit, IReadOnlyList<AuditFinding> findings, params IReadOnlyList<(string Name, string Value)> facts)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Write("id=\"late-facts\"", facts.Select(f => new[] { f.Name, f.Value }));
        Write("id=\"count\"", Count);
        if (audit is not null)
        {
            FindingsSection section = FindingsSection.Of(audit, findings);
            _page.Write(section.Html);
            Write("id=\"findings-rows\"", section.Findings);
        }

        _page.Write(_template.AfterRows);
        _page.Flush();
        string files = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path))!, ResultNames.PageFiles);
        OutputFolder.ForgetPageFiles(files);
        _rows?.Complete(files);
        _file.Complete(ResultNames.Page);
        _isClosed = true;
    }

    private void Write<T>(string attribute, T value)
    {
        _page.Write($"<script type=\"application/json\" {attribute}>");
        _page.Write(JsonSerializer.Serialize(value, Json));
        _page.Write("</script>\n");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What the text writer still holds is not worth a failure: a page that is not complete goes away.
        _isClosed = true;
        _rows?.Dispose();
        _file.Dispose();
    }
}
