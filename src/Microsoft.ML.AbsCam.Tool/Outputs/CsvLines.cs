using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>
/// Writes lines of CSV. A text that a spreadsheet would run as a formula gets the sign before it that CsvHelper's option Escape puts there; numbers,
/// which may begin with a minus, stay as they are.
/// </summary>
internal sealed class CsvLines : IDisposable
{
    private static readonly CsvConfiguration Settings = new(CultureInfo.InvariantCulture);

    private readonly StreamWriter _text;
    private readonly CsvWriter _csv;

    /// <param name="file">Where they go; it stays open.</param>
    public CsvLines(Stream file)
    {
        _text = new StreamWriter(file, leaveOpen: true) { NewLine = "\r\n" };
        _csv = new CsvWriter(_text, Settings);
    }

    public void Add(params IEnumerable<string> fields)
    {
        foreach (string field in fields)
        {
            _csv.WriteField(IsFormula(field) ? Settings.InjectionEscapeCharacter + field : field);
        }

        _csv.NextRecord();
    }

    public void Dispose()
    {
        _csv.Dispose();
        _text.Dispose();
    }

    private static bool IsFormula(string field)
        => field.Length > 0 && Settings.InjectionCharacters.Contains(field[0]) && !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
