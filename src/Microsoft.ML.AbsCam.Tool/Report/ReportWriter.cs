using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>
/// Writes a report as one page that needs no network, a row at a time, so that memory does not grow with the rows. The page has a
/// temporary name until <see cref="Complete"/>; a writer that is disposed before leaves nothing behind.
/// </summary>
internal sealed class ReportWriter : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly string _path;
    private readonly string _unfinished;
    private readonly ReportTemplate _template;
    private readonly StreamWriter _page;
    private bool _completed;
    private bool _disposed;

    /// <param name="path">Where the page will be; its folder is made if need be, a page that is there is replaced on completion.</param>
    /// <param name="header">What stands above the pictures.</param>
    public ReportWriter(string path, ReportHeader header)
    {
        _path = Path.GetFullPath(path);
        _template = ReportTemplate.For(header);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _unfinished = $"{_path}.{Guid.NewGuid():n}.tmp";
        _page = new StreamWriter(_unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        _page.Write(_template.BeforeRows);
    }

    /// <summary>How many rows were added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row. The images are read, not kept and not disposed.</summary>
    /// <param name="row">What is known of it.</param>
    /// <param name="photo">The photo, or null where it could not be read.</param>
    /// <param name="overlay">The photo with its map, or null where there is none.</param>
    public void Add(ReportRow row, MLImage? photo, MLImage? overlay)
    {
        ObjectDisposedException.ThrowIf(_disposed || _completed, this);
        var plain = photo is null ? null : Thumbnail.Of(photo);
        var heat = overlay is null ? null : Thumbnail.Of(overlay);
        var shape = plain ?? heat;

        // The serializer escapes <, > and &, so no text can end the element it stands in. Pictures are elements of their own:
        // the page reads them only when they come near the window.
        var data = JsonSerializer.Serialize(new { Row = Finite(row), Width = shape?.Width, Height = shape?.Height }, Json);
        _page.Write("<script type=\"application/json\" class=\"row\">");
        _page.Write(data);
        _page.Write("</script>\n");
        WritePicture("photo", plain);
        WritePicture("heat", heat);
        Count++;
    }

    /// <summary>Ends the page and gives it its name.</summary>
    /// <param name="facts">What is known only at the end: counts, times.</param>
    public void Complete(params IReadOnlyList<(string Name, string Value)> facts)
    {
        ObjectDisposedException.ThrowIf(_disposed || _completed, this);
        _page.Write("<script type=\"application/json\" id=\"late-facts\">");
        _page.Write(JsonSerializer.Serialize(facts.Select(f => new[] { f.Name, f.Value }), Json));
        _page.Write("</script>\n");
        _page.Write(_template.AfterRows);
        _page.Dispose();
        File.Move(_unfinished, _path, overwrite: true);
        _completed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            _page.Dispose();
        }
        finally
        {
            // A full disk fails the last flush, too.
            if (!_completed)
            {
                File.Delete(_unfinished);
            }
        }
    }

    // JSON has no word for them.
    private static ReportRow Finite(ReportRow row) => row with
    {
        Probability = row.Probability is { } p && float.IsFinite(p) ? p : null,
        Milliseconds = double.IsFinite(row.Milliseconds) ? row.Milliseconds : 0,
    };

    private void WritePicture(string kind, Thumbnail? picture)
    {
        if (picture is not null)
        {
            _page.Write(string.Create(CultureInfo.InvariantCulture, $"<script type=\"text/plain\" id=\"{kind}-{Count}\">"));
            _page.Write(picture.Base64);
            _page.Write("</script>\n");
        }
    }
}
