using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>
/// The rows of a large page, in files beside it. A page on a disk may read no file but scripts, so they are scripts that hand over data: what rows are found by, in
/// files of many, and what is shown of them, in files of few.
/// </summary>
internal sealed class RowFiles : IDisposable
{
    /// <summary>The page's script knows both.</summary>
    public const int RowsAFile = 2000;

    /// <inheritdoc cref="RowsAFile"/>
    public const int DetailsAFile = 32;

    private readonly string _folder;
    private readonly List<ReportRow> _rows = [];
    private readonly List<RowDetails> _details = [];
    private int _rowFiles;
    private int _detailFiles;

    /// <param name="workFolder">Where they are until all are written.</param>
    public RowFiles(string workFolder)
    {
        _folder = Path.Combine(workFolder, $"{Guid.NewGuid():n}.tmp");
        Directory.CreateDirectory(_folder);
    }

    public void Add(ReportRow row, RowDetails details)
    {
        _rows.Add(row);
        _details.Add(details);
        if (_rows.Count == RowsAFile)
        {
            Write("rows", ref _rowFiles, _rows);
        }

        if (_details.Count == DetailsAFile)
        {
            Write("details", ref _detailFiles, _details);
        }
    }

    /// <summary>Writes what is left, and gives the folder its name, which nothing has.</summary>
    public void Complete(string folder)
    {
        if (_rows.Count > 0)
        {
            Write("rows", ref _rowFiles, _rows);
            Write("details", ref _detailFiles, _details);
        }

        Directory.Move(_folder, folder);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Write<T>(string kind, ref int number, List<T> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        // A text is read several times as fast as the same as a program.
        string name = string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:00000}.js");
        string script = string.Create(CultureInfo.InvariantCulture, $"takeRows(\"{kind}\", {number}, {JsonSerializer.Serialize(JsonSerializer.Serialize(values, ReportWriter.Json))});\n");
        using var file = new FileStream(Path.Combine(_folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(Encoding.UTF8.GetBytes(script));
        file.Flush(flushToDisk: true);
        number++;
        values.Clear();
    }
}
