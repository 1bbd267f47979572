using System.Globalization;
using CsvHelper;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>results.csv, written line by line, so that an interrupted run keeps what is done.</summary>
internal sealed class ResultsFile : IDisposable
{
    private static readonly string[] Header = ["image", "status", "target", "label", "probability", "layer", "map", "forwards", "milliseconds"];

    private readonly StreamWriter _text;
    private readonly CsvWriter _csv;

    public ResultsFile(string path)
    {
        _text = new StreamWriter(path) { NewLine = "\r\n" };
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

    public void Flush() => _text.Flush();

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
