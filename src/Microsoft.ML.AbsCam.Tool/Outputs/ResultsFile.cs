using System.Globalization;
using CsvHelper;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>The lines of results.csv.</summary>
internal sealed class ResultsFile : IDisposable
{
    private static readonly string[] Header = ["image", "status", "target", "label", "probability", "layer", "map", "forwards", "milliseconds"];

    private readonly StreamWriter _text;
    private readonly CsvWriter _csv;

    /// <param name="file">Where they go; it stays open.</param>
    public ResultsFile(Stream file)
    {
        _text = new StreamWriter(file, leaveOpen: true) { NewLine = "\r\n" };
        _csv = new CsvWriter(_text, CultureInfo.InvariantCulture);
        WriteLine(Header);
    }

    public void Add(ResultRow row) => WriteLine(
        row.Image,
        row.Status,
        row.Target?.ToString(CultureInfo.InvariantCulture) ?? "",
        row.Label ?? "",
        row.Probability?.ToString("0.######", CultureInfo.InvariantCulture) ?? "",
        row.Layer,
        row.Map ?? "",
        row.Forwards.ToString(CultureInfo.InvariantCulture),
        row.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _csv.Dispose();
        _text.Dispose();
    }

    private void WriteLine(params IEnumerable<string> fields)
    {
        foreach (string field in fields)
        {
            _csv.WriteField(field);
        }

        _csv.NextRecord();
    }
}
